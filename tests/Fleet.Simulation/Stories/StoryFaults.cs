using System.Collections.Immutable;
using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Net;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Stories;

/// <summary>
/// The verbs of stories that are trouble, or its end. Nodes, and the coordinator, are called by their names; a span says for how long.
/// </summary>
public static class StoryFaults
{
    /// <summary>The name of whoever leads, of several coordinators.</summary>
    public const string TheLeader = "the-leader";

    /// <summary>None where the words are no such verb. Those that lie in the future have their moment in <see cref="Fault.At"/>.</summary>
    public static ImmutableArray<Fault> Parse(string[] words, World world)
    {
        if (words is ["flap", "site", var site, "every", var period, "for", var span])
            return Flapping(site, StoryTeller.Span(period), StoryTeller.Span(span), world.Elapsed);
        if (words is ["backends-down", ['b', .. var first], "to", ['b', .. var last], var time])
            return [.. Backends(first, last).Select(b => new FailBackend(default, b, StoryTeller.Span(time)))];
        if (words is ["cut", var alone, "from", "witnesses"])
            return [.. world.Store.Folded.Map.Nodes[new NodeName(alone)].Witnesses.Select(w => new Cut(default, alone, w.Value, BothWays: true))];
        return (OfCoordinator(words) ?? OfProcess(words) ?? OfNetwork(words) ?? OfStore(words) ?? OfHost(words)) is { } fault ? [fault] : [];
    }

    /// <summary>Of several, <c>the-leader</c> is whoever leads; <c>coordinator</c> is the only one.</summary>
    private static Fault? OfCoordinator(string[] words) => words switch
    {
        ["kill", var who] when IsCoordinator(who) => new KillCoordinator(default, Named(who)),
        ["start", var who] when IsCoordinator(who) => new StartCoordinator(default, Named(who)),
        ["pause", var who, var span] when IsCoordinator(who) => new PauseCoordinator(default, StoryTeller.Span(span), Named(who)),
        ["power-off", var who] when IsCoordinator(who) => new PowerOffCoordinator(default, Named(who)),
        ["terminate", var who] when IsCoordinator(who) => new TerminateCoordinator(default, Named(who)),
        ["cut-from-store", var who, var way, var span] => new CutFromStore(default, StoryTeller.Span(span), Way(way), Named(who)),
        ["cut-from-nodes", var who, var way, var span] => new CutFromNodes(default, StoryTeller.Span(span), Way(way), Named(who)),
        ["cut-from-coordinators", var who, var way, var span] => new CutFromCoordinators(default, StoryTeller.Span(span), Way(way), Named(who)),
        _ => null,
    };

    private static bool IsCoordinator(string who) => who == TheLeader || who.StartsWith(Network.Coordinator, StringComparison.Ordinal);

    private static string? Named(string who) => who is TheLeader or Network.Coordinator ? null : who;

    private static CutWay Way(string way) => Enum.Parse<CutWay>(way, ignoreCase: true);

    /// <summary>The store that several coordinators share.</summary>
    private static Fault? OfStore(string[] words) => words switch
    {
        ["store", "away", var span] => new TakeStoreAway(default, StoryTeller.Span(span), Refuses: false),
        ["store", "refuses", var span] => new TakeStoreAway(default, StoryTeller.Span(span), Refuses: true),
        ["store", "slow", var way, var span] => new SlowStore(default, StoryTeller.Span(span), (int)StoryTeller.Span(way).TotalMilliseconds),
        ["store", "muddled", var part, var span] =>
            new MuddleStore(default, StoryTeller.Span(span), double.Parse(part, CultureInfo.InvariantCulture)),
        ["lose-session"] => new LoseSession(default),
        ["depose"] => new Depose(default),
        _ => null,
    };

    private static Fault? OfProcess(string[] words) => words switch
    {
        ["pause", "all", "nodes", var span] => new StallAll(default, StoryTeller.Span(span), Chance: 1),
        ["kill", var node] => new Kill(default, node),
        ["kill-agent", var node] => new KillAgent(default, node),
        ["kill-relay", var node] => new KillRelay(default, node),
        ["power-off", var node] => new PowerOff(default, node),
        ["pause", var node, var span] => new Pause(default, node, StoryTeller.Span(span), WithRelay: true),
        ["pause-agent", var node, var span] => new Pause(default, node, StoryTeller.Span(span), WithRelay: false),
        ["pause-relay", var node, var span] => new PauseRelay(default, node, StoryTeller.Span(span)),
        ["stop", var node] => new Stop(default, node),
        ["join", var node] => new Join(default, node),
        ["join", var first, "and", var count, "more"] => new Join(default, first, StoryTeller.Number(count) + 1),
        _ => null,
    };

    private static Fault? OfNetwork(string[] words) => words switch
    {
        ["cut", "site", var site] => new CutSite(default, site),
        ["cut", var node, "from", "all"] => new CutOff(default, node),
        ["cut", var node, "from", var other] => new Cut(default, node, other, BothWays: true),
        ["cut", var from, "to", var to] => new Cut(default, from, to, BothWays: false),
        ["lose", var part] => new Lose(default, double.Parse(part, CultureInfo.InvariantCulture)),
        ["heal"] => new Heal(default),
        _ => null,
    };

    private static Fault? OfHost(string[] words) => words switch
    {
        ["store", "down", var span] => new StoreDown(default, StoryTeller.Span(span)),
        ["lose-renewals", var span] => new LoseRenewals(default, StoryTeller.Span(span)),
        ["slow-renewals", var way, var span] => new SlowRenewals(default, StoryTeller.Span(span), (int)StoryTeller.Span(way).TotalMilliseconds),
        ["refuse-renewals"] => new RefuseRenewals(default),
        ["disk-full", Network.Coordinator, var span] => new FillDisk(default, StoryTeller.Span(span)),
        ["disk-full", var node, var span] => new FailNodeDisk(default, node, StoryTeller.Span(span)),
        ["clock-jumps", Network.Coordinator, var span] => new JumpClock(default, null, StoryTeller.Span(span)),
        ["clock-jumps", var node, var span] => new JumpClock(default, node, StoryTeller.Span(span)),
        ["plane-fails", var node, var span] => new FailPlane(default, node, StoryTeller.Span(span), PlaneTrouble.Fails),
        ["plane-half-done", var node, var span] => new FailPlane(default, node, StoryTeller.Span(span), PlaneTrouble.HalfDone),
        ["plane-hangs", var node, var span] => new FailPlane(default, node, StoryTeller.Span(span), PlaneTrouble.Hangs),
        ["plane-stays", var node, var span] => new FailPlane(default, node, StoryTeller.Span(span), PlaneTrouble.Stays),
        ["plane-silent", var node, var span] => new FailPlane(default, node, StoryTeller.Span(span), PlaneTrouble.Silent),
        ["binds-fail", var node, var span] => new FailBinds(default, node, StoryTeller.Span(span)),
        _ => null,
    };

    private static IEnumerable<int> Backends(string first, string last) =>
        Enumerable.Range(StoryTeller.Number(first), StoryTeller.Number(last) - StoryTeller.Number(first) + 1);

    /// <summary>Half of each period it is cut off.</summary>
    private static ImmutableArray<Fault> Flapping(string site, TimeSpan period, TimeSpan span, TimeSpan now) =>
    [
        .. from time in Enumerable.Range(0, (int)(span / period))
           let at = now + (time * period)
           from fault in new Fault[] { new CutSite(at, site), new Heal(at + (period / 2)) }
           select fault,
    ];
}
