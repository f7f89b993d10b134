using System.Collections.Immutable;
using System.Globalization;
using Fleet.Coordinator.Api;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Stories;

/// <summary>
/// Carries out the verbs of a story and says what came of them. In a story a verb stands at the beginning of a line; what it said when the story was recorded follows,
/// indented; lines with <c>#</c> say why. Times are true times, latencies at most 2 ms.
/// </summary>
public sealed class StoryTeller
{
    private World? world;
    private int nodes;
    private int told;
    private ImmutableSortedDictionary<VipAddress, VipEntry> shown = ImmutableSortedDictionary<VipAddress, VipEntry>.Empty;

    private World World => world ??= new World(new WorldSettings { Seed = 1, Nodes = nodes, StartApart = TimeSpan.FromMilliseconds(250) });

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

    private IEnumerable<string> Do(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["nodes", var count]:
                nodes = int.Parse(count, CultureInfo.InvariantCulture);
                return [];
            case ["service", var name, "vips", var count]:
                return Service(name, int.Parse(count, CultureInfo.InvariantCulture));
            case ["run", var span]:
                World.Run(Span(span));
                return [];
            case ["show", "events"]:
                return Events();
            case ["show", "owners"]:
                return Owners();
            case ["show", "moves"]:
                return Moves();
            case ["show", "outage"]:
                return [Outage(World.Service.TakeLongest())];
            case ["show", "map"]:
                return Maps();
            case ["force", .. var order]:
                return Strike(FaultOf(order) ?? throw new InvalidOperationException($"No such verb: {line}"), force: true);
            default:
                return Strike(FaultOf(words) ?? throw new InvalidOperationException($"No such verb: {line}"));
        }
    }

    private static Fault? FaultOf(string[] words) => words switch
    {
        ["kill", "coordinator"] => new KillCoordinator(default),
        ["start", "coordinator"] => new StartCoordinator(default),
        ["pause", "coordinator", var span] => new PauseCoordinator(default, Span(span)),
        ["kill", var node] => new Kill(default, node),
        ["kill-agent", var node] => new KillAgent(default, node),
        ["power-off", var node] => new PowerOff(default, node),
        ["start", var node] => new Start(default, node),
        ["pause", var node, var span] => new Pause(default, node, Span(span), WithRelay: true),
        ["pause-agent", var node, var span] => new Pause(default, node, Span(span), WithRelay: false),
        ["cut", var node, "from", "all"] => new CutOff(default, node),
        ["cut", var node, "from", var other] => new Cut(default, node, other, BothWays: true),
        ["heal"] => new Heal(default),
        ["join", var node] => new Join(default, node),
        ["stop", var node] => new Stop(default, node),
        ["drain", var node] => new Intend(default, node, NodeIntent.Draining),
        ["undrain", var node] => new Intend(default, node, NodeIntent.Active),
        ["leave", var node] => new Intend(default, node, NodeIntent.Leaving),
        ["lose", var part] => new Lose(default, double.Parse(part, CultureInfo.InvariantCulture)),
        ["store", "down", var span] => new StoreDown(default, Span(span)),
        ["remove", var service] => new Remove(default, new ServiceName(service)),
        _ => null,
    };

    private ImmutableArray<string> Strike(Fault fault, bool force = false)
    {
        if (fault is Intend intend)
            return Ask(new Command.Intend(new NodeName(intend.Node), intend.Intent), force);
        if (fault is Remove remove)
            return Ask(new Command.RemoveService(remove.Service));
        fault.Strike(World);
        return [];
    }

    private ImmutableArray<string> Service(string name, int vips)
    {
        var first = name.Length * 100;
        return Ask(new Command.ApplyService(Build.Service(name, Build.Vips(vips, first + 1))));
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
            Decision.Refused refused => [$"refused: {refused.Reason}"],
            _ => ["no answer"],
        };
    }

    /// <summary>What the journal says since the last time, but for what happens all the time.</summary>
    private ImmutableArray<string> Events()
    {
        var entries = World.Store.Entries.Skip(told).ToArray();
        told = World.Store.Entries.Length;
        return
        [
            .. from entry in entries
               from happened in entry.Events
               where happened is not (FleetEvent.StandbysNamed or FleetEvent.WatchersNamed or FleetEvent.WatchersConfirmed or FleetEvent.WeightsSet
                   or FleetEvent.VerdictsChanged or FleetEvent.PolicySet or FleetEvent.VipsServing)
               select happened is FleetEvent.NodeLost lost ? $"Node {lost.Node} is lost." : EventWords.Text(happened),
        ];
    }

    /// <summary>For every node: what it owns in the journal's map, and how much of it its relay really serves.</summary>
    private IEnumerable<string> Owners()
    {
        var map = World.Store.Folded.Map;
        foreach (var node in World.Nodes.Values)
        {
            var state = map.Nodes.TryGetValue(node.Name, out var entry) ? $"{entry.Presence}, {Words.Of(entry.Intent)}".ToLowerInvariant() : "not in the fleet";
            var owned = map.Vips.Values.Where(v => v.Owner == node.Name).Select(v => v.Address).ToArray();
            var serving = node.Relay.Serving.ToImmutableSortedSet();
            yield return $"{node.Name}  {state}: owns {owned.Length}, serves {serving.Count}{(serving.SetEquals(owned) ? "" : " (!)")}";
        }

        if (map.Vips.Values.Count(v => v.Owner is null) is > 0 and var homeless)
            yield return $"nobody owns {homeless}";
    }

    /// <summary>Who does not work by the newest map.</summary>
    private ImmutableArray<string> Maps()
    {
        var newest = World.Store.Folded.Map.Version;
        ImmutableArray<string> late = [.. World.Nodes.Values.Where(n => n.Reactor?.Map.Version != newest).Select(n => n.Name.Value)];
        return [$"term {newest.Term}; {(late.IsEmpty ? "all have the newest map" : $"an older map: {string.Join(", ", late)}")}"];
    }

    /// <summary>How many VIPs have another owner than the last time.</summary>
    private ImmutableArray<string> Moves()
    {
        var vips = World.Store.Folded.Map.Vips;
        var moves =
            from vip in vips.Values
            where shown.TryGetValue(vip.Address, out var before) && before.Owner != vip.Owner
            group vip by (From: shown[vip.Address].Owner, To: vip.Owner) into way
            orderby way.Key.From?.Value, way.Key.To?.Value
            select $"{way.Count()} from {way.Key.From} to {way.Key.To}";
        ImmutableArray<string> said = [.. moves];
        shown = vips;
        return said.IsEmpty ? ["none moved"] : said;
    }

    /// <summary>In steps wide enough that a recorded story outlives a change of a few milliseconds.</summary>
    private static string Outage(long micros) => (micros / 1000) switch
    {
        0 => "no VIP was dark for a millisecond",
        < 20 => "no VIP was dark for 20 ms",
        < 150 => "some VIP was dark, for less than 150 ms",
        < 600 => "some VIP was dark, for less than 600 ms",
        var ms => $"some VIP was dark for {Math.Round(ms / 1000.0, 1):0.0} s",
    };

    private static TimeSpan Span(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? TimeSpan.FromMilliseconds(double.Parse(text[..^2], CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));
}
