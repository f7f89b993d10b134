using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Fleet.Coordinator.Commands;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation.Stories;

/// <summary>
/// Carries out the verbs of a story and says what came of them. In a story a verb stands at the beginning of a line; what it said when the story was
/// recorded follows, indented; lines with <c>#</c> say why. Times are true times, latencies at most 2 ms. Here is what makes a fleet, what operators
/// ask for, and time; trouble is in <see cref="StoryFaults"/>, what is shown in <see cref="StoryViews"/>.
/// </summary>
public sealed partial class StoryTeller
{
    private WorldSettings _settings = new() { Seed = 1, Nodes = 0, StartApart = TimeSpan.FromMilliseconds(250) };
    private World? _world;
    private StoryViews? _views;

    /// <summary>Begins with the first verb that needs it.</summary>
    private World World => _world ??= new World(_settings);

    private StoryViews Views => _views ??= new StoryViews(World);

    /// <summary>The story with its output as it is now.</summary>
    public string Tell(string story)
    {
        var lines = new List<string>();
        foreach (var line in story.Split('\n').Where(l => !l.StartsWith(' ')))
        {
            lines.Add(line);
            if (line.Length > 0 && !line.StartsWith('#'))
                lines.AddRange(Do(line).Select(said => "    " + said));
        }

        return string.Join('\n', lines);
    }

    internal static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    internal static TimeSpan Span(string text) => text switch
    {
        [.. var number, 'm', 's'] => TimeSpan.FromMilliseconds(double.Parse(number, CultureInfo.InvariantCulture)),
        [.. var number, 's'] => TimeSpan.FromSeconds(double.Parse(number, CultureInfo.InvariantCulture)),
        [.. var number, 'h'] => TimeSpan.FromHours(double.Parse(number, CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"{text} is no time such as 90ms, 5s or 1h."),
    };

    private ImmutableArray<string> Do(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Founded(words) is { } founded)
        {
            _settings = _world is null ? founded : throw new InvalidOperationException($"Too late, the fleet is there already: {line}");
            return [];
        }

        return words is ["show", .. var what] ? Views.Show(what) : Passed(words) ?? Asked(words) ?? Struck(words, line);
    }

    /// <summary>What the fleet is made of; null for other verbs.</summary>
    private WorldSettings? Founded(string[] words) => words switch
    {
        ["nodes", var count] => _settings with { Nodes = Number(count) },
        ["racks", var count] => _settings with { Domains = Number(count) },
        ["coordinators", var count] => _settings with { Coordinators = Number(count) },
        ["leadership", "of", var span] => _settings with { Leadership = Span(span) },
        ["sites", .. var names] => _settings with { Sites = names },
        ["protect", var count, "nodes"] =>
            _settings with { Policy = _settings.Policy with { Protection = new Protection(Number(count), Domains: 0, UtilisationMax: 1) } },
        ["protect", var count, "nodes", "and", "a", "rack"] =>
            _settings with { Policy = _settings.Policy with { Protection = new Protection(Number(count), Domains: 1, UtilisationMax: 1) } },
        _ => null,
    };

    /// <summary>
    /// Time, distance (each way, between any two), and whatever else a person would do without asking the coordinator; null for other verbs.
    /// </summary>
    private ImmutableArray<string>? Passed(string[] words)
    {
        switch (words)
        {
            case ["run", var span]:
                World.Run(Span(span));
                return [];
            case ["start", var node] when World.Nodes.TryGetValue(new NodeName(node), out var found):
                found.Start();
                return [];
            case ["distance", var way]:
                var micros = (int)Span(way).TotalMicroseconds;
                World.Network.LatencyMicros = (micros, micros + 2000);
                return [];
            case ["form"]:
                World.RunUntil(() => World.Now >= 4_000_000 && Healed.Lacks(World) is null, TimeSpan.FromSeconds(30));
                Views.Begin();
                return
                [
                    Healed.Lacks(World)
                        ?? $"{StoryViews.Count(World.Nodes.Count, "node")} up, {StoryViews.Count(World.Store.Folded.Map.Vips.Count, "VIP")} served.",
                ];
            case ["wait", "until", "well"]:
                var began = World.Elapsed;
                World.RunUntil(() => Healed.Lacks(World) is null, TimeSpan.FromMinutes(2));
                return
                [
                    Healed.Lacks(World) is { } lack
                        ? $"not within two minutes: {lack}"
                        : $"All is well, {StoryViews.Rounded(World.Elapsed - began)}.",
                ];
            default:
                return null;
        }
    }

    /// <summary>What an operator is told; null for other verbs.</summary>
    private ImmutableArray<string>? Asked(string[] words) => words switch
    {
        ["force", .. var order] when CommandOf(order) is { } command => Ask(command, force: true),
        _ when CommandOf(words) is { } command => Ask(command),
        _ => null,
    };

    private Command? CommandOf(string[] words) => words switch
    {
        ["service", var name, "vips", var count] => new Command.ApplyService(Service(name, Number(count))),
        ["service", var name, "vips", var count, "backends", var backends] =>
            new Command.ApplyService(Backed(Service(name, Number(count)), Number(backends))),
        ["service", var name, "vips", var count, "at", .. var sites] => new Command.ApplyService(Bound(Service(name, Number(count)), sites)),
        ["service", var name, "vips", var count, "serving", "all", "when", "all", "are", "down"] =>
            new Command.ApplyService(Reckless(Service(name, Number(count)))),
        ["remove", var service] => new Command.RemoveService(new ServiceName(service)),
        ["drain", var node] => new Command.Intend(new NodeName(node), Shared.Map.NodeIntent.Draining),
        ["undrain", var node] => new Command.Intend(new NodeName(node), Shared.Map.NodeIntent.Active),
        ["leave", var node] => new Command.Intend(new NodeName(node), Shared.Map.NodeIntent.Leaving),
        ["declare-down", var node] => new Command.DeclareDown(new NodeName(node)),
        ["lease", var span, "heartbeat", var heartbeat, "margin", var margin] =>
            new Command.SetPolicy(World.Settings.Policy with { Lease = Lease(heartbeat, span, margin) }),
        _ => null,
    };

    private ImmutableArray<string> Struck(string[] words, string line)
    {
        var faults = StoryFaults.Parse(words, World);
        if (faults.IsEmpty)
            throw new InvalidOperationException($"No such verb: {line}");
        World.Schedule(faults.Where(f => f.At > World.Elapsed));
        foreach (var fault in faults.Where(f => f.At <= World.Elapsed))
            fault.Strike(World);
        return [];
    }

    /// <summary>Waits for the answer, as a person does.</summary>
    private ImmutableArray<string> Ask(Command command, bool force = false)
    {
        Decision? answer = null;
        World.RunUntil(() => World.Coordinator.Leader is not null, TimeSpan.FromMilliseconds(100));
        World.Coordinator.Ask(command, decision => answer = decision, force);
        World.RunUntil(() => answer is not null, TimeSpan.FromSeconds(5));
        return answer switch
        {
            Decision.Accepted accepted => [accepted.Text],
            Decision.Refused refused => [$"refused: {Milliseconds().Replace(refused.Reason, "some ms")}"],
            _ => ["no answer"],
        };
    }

    private static Service Service(string name, int vips) => Build.Service(name, Build.Vips(vips, (name.Length * 100) + 1));

    /// <summary>Each site has an equal part of the VIPs, and they stay there.</summary>
    private static Service Bound(Service service, string[] sites) => service with
    {
        SiteVips = sites.Index().ToImmutableSortedDictionary(
            site => new SiteName(site.Item),
            site => service.Vips.Where((_, i) => i * sites.Length / service.Vips.Length == site.Index).ToImmutableArray()),
    };

    private static Service Backed(Service service, int count) => service with
    {
        Pool = service.Pool
            with
        {
            Backends =
                [
                    .. Enumerable.Range(1, count).Select(i => new Backend($"b{i}", new IPEndPoint(new IPAddress([198, 51, 100, (byte)i]), 8080))),
                ],
        },
    };

    private static Service Reckless(Service service) => service with { Pool = service.Pool with { AllDown = AllDown.ServeAll } };

    private static LeaseTerms Lease(string heartbeat, string span, string margin) =>
        new((int)Span(heartbeat).TotalMilliseconds, (int)Span(span).TotalMilliseconds, (int)Span(margin).TotalMilliseconds);

    /// <summary>A recorded story outlives a change of a few of them.</summary>
    [GeneratedRegex(@"[0-9]+ ms", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Milliseconds();
}
