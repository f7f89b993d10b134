using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Net;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>What a kind of trouble is made from.</summary>
/// <param name="Chance">The plan's.</param>
/// <param name="At">When it begins.</param>
/// <param name="LongestMs">How long it may last.</param>
public sealed record FaultScene(Random Chance, WorldSettings Settings, TimeSpan At, int LongestMs)
{
    /// <summary>Somebody stays: adc-1 neither leaves nor stops for good.</summary>
    public string Node => $"adc-{Chance.Next(1, Settings.Nodes + 1)}";

    /// <summary>Of several coordinators one by its name, or whoever leads, as often as not; the only one, where there is one.</summary>
    public string? Coordinator =>
        Settings.Coordinators == 1 || Chance.Next(2) == 0 ? null : $"{Network.Coordinator}-{Chance.Next(1, Settings.Coordinators + 1)}";

    public string NotFirst => $"adc-{Chance.Next(Math.Min(2, Settings.Nodes), Settings.Nodes + 1)}";

    /// <summary>Short ones are as frequent as long ones: 10 ms, 100 ms, a second, ten.</summary>
    public TimeSpan Span => TimeSpan.FromMilliseconds(Math.Min(LongestMs, Math.Pow(10, 1 + (3 * Chance.NextDouble()))));
}

/// <summary>The kinds of trouble that worlds are made of, one line each: a name, as options call it, and what it does.</summary>
public static class FaultKinds
{
    /// <summary>Needs a world whose leadership can run out.</summary>
    public const string Leadership = "leadership";

    /// <summary>Need a world of several coordinators.</summary>
    public static readonly ImmutableHashSet<string> OfSeveral =
        ["coordinator-cut", "coordinator-terminate", "depose", "session-lost", "store-ambiguous", "store-slow", "store-unavailable"];

    /// <summary>Befall one of several coordinators, or the only one.</summary>
    public static readonly ImmutableHashSet<string> OfEach = ["coordinator-kill", "coordinator-power", "coordinator-stop"];

    private static readonly LeaseTerms Fast = new(50, 200, 25);

    public static IReadOnlyDictionary<string, Func<FaultScene, IEnumerable<Fault>>> All { get; } =
        new SortedDictionary<string, Func<FaultScene, IEnumerable<Fault>>>(StringComparer.Ordinal)
        {
            ["apply"] = s => [new Apply(s.At, Changed(s)), new Apply(s.At + s.Span, s.Settings.Services[0])],
            ["bind"] = s => [new FailBinds(s.At, s.Node, s.Span)],
            ["bind-lost"] = s => BindLost(s),
            ["backend"] = s => [new FailBackend(s.At, s.Chance.Next(1, 3), s.Span)],
            ["coordinator-cut"] = s => [CoordinatorCut(s)],
            ["coordinator-kill"] = s => [new KillCoordinator(s.At, s.Coordinator), new StartCoordinator(s.At + s.Span)],
            ["coordinator-power"] = s => [new PowerOffCoordinator(s.At, s.Coordinator), new StartCoordinator(s.At + s.Span)],
            ["coordinator-stop"] = s => [new PauseCoordinator(s.At, s.Span, s.Coordinator)],
            ["coordinator-terminate"] = s => [new TerminateCoordinator(s.At, s.Coordinator), new StartCoordinator(s.At + s.Span)],
            ["clock"] = s => [new JumpClock(s.At, s.Chance.Next(2) == 0 ? null : s.Node, TimeSpan.FromHours(s.Chance.Next(-48, 49)))],
            ["cut"] = s => [new Cut(s.At, s.Node, s.Node, s.Chance.Next(2) == 0), new Heal(s.At + s.Span)],
            ["cut-coordinator"] = s => [CutCoordinator(s), new Heal(s.At + s.Span)],
            ["cut-off"] = s => [new CutOff(s.At, s.Node), new Heal(s.At + s.Span)],
            ["cut-site"] = s => [new CutSite(s.At, s.Settings.Sites[s.Chance.Next(s.Settings.Sites.Count)]), new Heal(s.At + s.Span)],
            ["delay"] = s => [new Delay(s.At, s.Chance.NextDouble() * 0.2, s.Chance.Next(1, 200)), new Heal(s.At + s.Span)],
            ["depose"] = s => [new Depose(s.At)],
            ["disk-fail"] = s => [new StoreDown(s.At, s.Span)],
            ["disk-full"] = s => [new FillDisk(s.At, s.Span)],
            ["disk-slow"] = s => [new SlowDisk(s.At, s.Span, s.Chance.Next(5, 300))],
            ["drain"] = s => Draining(s),
            ["flap"] = s =>
                [
                    new FlapCut(
                    s.At,
                    s.Node,
                    s.Chance.Next(2) == 0 ? Network.Coordinator : s.Node,
                    TimeSpan.FromMilliseconds(s.Chance.Next(20, 800)),
                    s.Chance.Next(2, 12)),
            ],
            ["join"] = s => [new Join(s.At, $"adc-{s.Settings.Nodes + s.Chance.Next(1, 4)}", s.Chance.Next(8) == 0 ? 5 : 1)],
            ["kill"] = s => Killing(s),
            ["kill-agent"] = s => Killing(s, (at, node) => new KillAgent(at, node)),
            ["kill-relay"] = s => [new KillRelay(s.At, s.Node)],
            ["lease"] = s => [new SetLease(s.At, Fast), new SetLease(s.At + s.Span, LeaseTerms.Default)],
            [Leadership] = s => [Unrenewed(s)],
            ["leave"] = s => [new Intend(s.At, s.NotFirst, NodeIntent.Leaving)],
            ["lose"] = s => [new Lose(s.At, s.Chance.NextDouble() * 0.6), new Heal(s.At + s.Span)],
            ["node-disk"] = s => [new FailNodeDisk(s.At, s.Node, s.Span)],
            ["plane"] = s => PlaneFails(s),
            ["power"] = s => Powerless(s),
            ["repeat"] = s => [new Repeat(s.At, s.Chance.NextDouble()), new Heal(s.At + s.Span)],
            ["session-lost"] = s => [new LoseSession(s.At)],
            ["stall"] = s => [new StallAll(s.At, s.Span, s.Chance.Next())],
            ["stop"] = s => [new Pause(s.At, s.Node, s.Span, s.Chance.Next(2) == 0)],
            ["stop-relay"] = s => [new PauseRelay(s.At, s.Node, s.Span)],
            ["store-ambiguous"] = s => [new MuddleStore(s.At, s.Span, s.Chance.NextDouble())],
            ["store-slow"] = s => [new SlowStore(s.At, s.Span, s.Chance.Next(5, 400))],
            ["store-unavailable"] = s => [new TakeStoreAway(s.At, s.Span * (s.Chance.Next(4) == 0 ? 3 : 1), s.Chance.Next(2) == 0)],
            ["stretch"] = s => [new Stretch(TimeSpan.Zero, s.Chance.Next(), s.Chance.Next(2, 81))],
            ["terminate"] = s => [new Stop(s.At, s.NotFirst)],
        };

    private static Cut CutCoordinator(FaultScene s) => s.Chance.Next(3) switch
    {
        0 => new Cut(s.At, s.Node, Network.Coordinator, BothWays: true),
        1 => new Cut(s.At, s.Node, Network.Coordinator, BothWays: false),
        _ => new Cut(s.At, Network.Coordinator, s.Node, BothWays: false),
    };

    private static Fault CoordinatorCut(FaultScene s) => (s.Chance.Next(4), (CutWay)s.Chance.Next(3)) switch
    {
        (0, var way) => new CutFromNodes(s.At, s.Span, way, s.Coordinator),
        (1, var way) => new CutFromCoordinators(s.At, s.Span, way, s.Coordinator),
        (_, var way) => new CutFromStore(s.At, s.Span, way, s.Coordinator),
    };

    private static Fault Unrenewed(FaultScene s) => s.Chance.Next(4) switch
    {
        0 => new RefuseRenewals(s.At),
        1 => new SlowRenewals(s.At, s.Span, s.Chance.Next(50, 2000)),
        _ => new LoseRenewals(s.At, s.Span),
    };

    /// <summary>A node loses what it serves, and its host does not give it back: long enough for somebody to take it over, now and then.</summary>
    private static IEnumerable<Fault> BindLost(FaultScene s)
    {
        var node = s.Node;
        return
        [
            new FailBinds(s.At, node, TimeSpan.FromMilliseconds(s.Chance.Next(100, 20_000))),
            new KillRelay(s.At + TimeSpan.FromMilliseconds(1), node),
        ];
    }

    private static IEnumerable<Fault> Draining(FaultScene s)
    {
        var node = s.Node;
        return [new Intend(s.At, node, NodeIntent.Draining), new Intend(s.At + s.Span, node, NodeIntent.Active)];
    }

    private static IEnumerable<Fault> Killing(FaultScene s, Func<TimeSpan, string, Fault>? kill = null)
    {
        var node = s.Node;
        return [kill?.Invoke(s.At, node) ?? new Kill(s.At, node), new Start(s.At + s.Span, node)];
    }

    /// <summary>Told and not doing it; <see cref="PlaneTrouble.Silent"/> is another matter.</summary>
    private const int WaysToFail = (int)PlaneTrouble.Silent;

    /// <summary>A data plane fails, and services change meanwhile: now and then one gets a VIP of another, and gives it back.</summary>
    private static IEnumerable<Fault> PlaneFails(FaultScene s)
    {
        var span = TimeSpan.FromMilliseconds(s.Chance.Next(100, 20_000));
        yield return new FailPlane(s.At, s.Node, span, (PlaneTrouble)s.Chance.Next(WaysToFail));
        var service = s.Settings.Services[0];
        if (s.Settings.Services.Count < 2 || service.Vips.Length < 2)
        {
            yield return new Apply(s.At + (span / 4), Changed(s));
        }
        else
        {
            var (other, vip) = (s.Settings.Services[1], service.Vips[^1]);
            yield return new Apply(s.At + (span / 4), service with { Vips = service.Vips.Remove(vip) });
            yield return new Apply(s.At + (span / 3), other with { Vips = other.Vips.Add(vip) });
            yield return new Apply(s.At + s.Span, other);
        }

        yield return new Apply(s.At + s.Span + TimeSpan.FromMilliseconds(s.Chance.Next(1000)), service);
    }

    private static IEnumerable<Fault> Powerless(FaultScene s)
    {
        var node = s.Node;
        var back = s.At + s.Span;
        return [new PowerOff(s.At, node), new Heal(back), new Start(back, node)];
    }

    private static Service Changed(FaultScene s)
    {
        var service = s.Settings.Services[0];
        var some = service.Vips.Where(_ => s.Chance.Next(3) > 0).ToArray();
        return service with { Vips = some.Length > 0 ? [.. some] : [service.Vips[0]] };
    }
}
