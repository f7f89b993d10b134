using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Api;

/// <summary>What an operator should look at, worst first, each with what to do about it where something can be done.</summary>
internal static class ProblemList
{
    public static IEnumerable<string> Collect(Leader leader, Instant now)
    {
        var (state, observed) = (leader.State, leader.Observed);
        var map = state.Map;
        if (leader.InDoubt is { } doubt)
            yield return $"The journal cannot be read, and whether revision {doubt.Revision} was written is not known since "
                + $"{(now - doubt.Since).TotalSeconds:0} s: nothing can be changed until its disk answers; VIPs go on as they are.";
        foreach (var problem in Services(state).Concat(Protection(leader)).Concat(Sites(map, observed, now)).Concat(Nodes(leader, now)))
            yield return problem;
        if (DetectionBound.Compute(state, observed) is { LeaseNeeded: { } needed } bound)
            yield return ShortLease(bound, needed);
        foreach (var problem in TooFewNodes(map, observed))
            yield return problem;
    }

    private static IEnumerable<string> Services(FleetState state)
    {
        var (map, dark) = (state.Map, state.Vips.Dark());
        foreach (var (service, why) in state.LeftOut)
            yield return $"Service {Mistake.Quote(service.Value)} is left out, since it breaks the rules: {why}. Apply it anew, or remove it.";
        foreach (var service in map.Services.Values)
        {
            if (dark.TryGetValue(service.Name, out var unserved))
                yield return $"Service {service.Name}: {unserved} of {service.Vips.Length} VIPs are not served.";
            if (service.Pool.Backends.Length > 0 && service.Pool.Backends.All(b => map.VerdictOf(service.Name, b.Name) != Verdict.Up))
                yield return $"Service {service.Name}: no backend is up.";
        }
    }

    private static IEnumerable<string> Protection(Leader leader)
    {
        var map = leader.State.Map;
        if (leader.Planning.Last is { Planned: var planned } && !map.Vips.IsEmpty && ProtectionWords.Breach(planned) is { } breach)
            yield return $"The protection, that {ProtectionWords.Wanted(map.Policy.Protection)}, does not hold: {breach}";
        if (leader.Planning.Failure is { } failure)
            yield return $"No plan could be made, the fleet goes on with the one before: {failure}";
    }

    private static IEnumerable<string> Sites(FleetMap map, Observed observed, Instant now)
    {
        foreach (var site in map.Sites.Values.Where(s => s.HeldDown))
        {
            yield return observed.SiteSince.TryGetValue(site.Name, out var since)
                ? $"Site {site.Name} was out and has been well for {(now - since).TotalSeconds:0} of {map.Policy.Zone.HoldDownMs / 1000.0:0.#} s: "
                    + $"DNS prefers other sites until then."
                : $"Site {site.Name} is out: none of its nodes is heard and serves, and DNS prefers other sites.";
        }
    }

    private static IEnumerable<string> Nodes(Leader leader, Instant now)
    {
        var (state, observed) = (leader.State, leader.Observed);
        var map = state.Map;
        var idleness = ViewMaker.Idleness(leader, now);
        foreach (var node in map.Nodes.Values)
        {
            var seen = observed.Node(node.Name);
            if (seen is { Connection: not null, Ill: { } ill })
                yield return $"Node {node.Name} is ill: {ill}. It has given up what it had, and is given nothing until it is well.";
            foreach (var problem in seen.Connection is null ? [] : seen.Problems)
                yield return $"Node {node.Name} leaves out {problem}.";
            if (NodeRules.Mistakes(node.Facts) is { IsEmpty: false } mistakes)
                yield return $"Node {node.Name} may not join as it is: {Mistake.Brief(mistakes)}.";
            if (node.Presence == NodePresence.Down)
                yield return $"Node {node.Name} is down: {(idleness.Explain(node) is { } why ? ViewMaker.View(why, now).Sentence : "")}";
            else if (seen.Fence is { } fence)
                yield return $"Node {node.Name} is fenced: it "
                    + $"{(LivenessRule.IsOverdue(seen, map.Policy.Lease, now) ? "is not heard" : "is heard but does not get to know the map")}, and "
                    + $"VIPs of it that nobody can account for go elsewhere once its lease has run out (it must know revision {fence.Revision}).";
            else if (LivenessRule.IsOverdue(seen, map.Policy.Lease, now))
                yield return Suspect(state, node, seen, now);
            else if (!seen.Missing.IsEmpty)
                yield return $"Node {node.Name} cannot hold {seen.Missing.Length} VIP(s): {string.Join(", ", seen.Missing.Take(3))}. They go to "
                    + $"nodes that can, where there are any; its log says why it cannot bind them.";
        }
    }

    private static IEnumerable<string> TooFewNodes(FleetMap map, Observed observed)
    {
        var up = map.Nodes.Values.Count(n => n.Presence == NodePresence.Up);
        if (up > map.Policy.Protection.Nodes && up < 2 * map.Policy.Protection.Nodes)
            yield return $"Protection {map.Policy.Protection.Nodes} needs at least {2 * map.Policy.Protection.Nodes} nodes for its witnesses to "
                + $"tell that so many are dead; there are {up}: add nodes.";
        var spare = map.Nodes.Values.Count(observed.TakesVips);
        if (spare > 0 && spare <= map.Policy.Protection.Nodes)
            yield return $"Protection {map.Policy.Protection.Nodes} needs more than {map.Policy.Protection.Nodes} node(s) that take VIPs; there is "
                + $"{spare}: add nodes.";
    }

    private static string ShortLease(DetectionBound bound, TimeSpan needed)
    {
        var (who, slowest) = bound.Link > bound.Witnesses
            ? ($"acknowledgements take {bound.Link.TotalMilliseconds:0} ms to node {bound.LinkFarthest}", bound.Link)
            : ($"the witnesses of node {bound.WitnessFarthest} take {bound.Witnesses.TotalMilliseconds:0} ms", bound.Witnesses);
        var effect = slowest >= bound.Lease.Duration ? "it cannot be renewed in time" : "one lost heartbeat ends it";
        return $"The lease of {bound.Lease.DurationMs} ms is too short: {who}, so {effect}. Set fleet.lease.duration = "
            + $"{needed.TotalMilliseconds:0}ms, or more.";
    }

    private static string Suspect(FleetState state, NodeEntry node, NodeObserved seen, Instant now)
    {
        var cannotTell = state.WitnessSets.GetValueOrDefault(node.Name, [])
            .Any(set => set.Witnesses.Count(witness => IsUp(state.Map, witness)) < WitnessQuorum.Denying(set.Witnesses.Length));
        var advice = cannotTell
            ? $"too few witnesses are left to tell whether it is dead; if it is, run: pbm cluster down {node.Name}"
            : "its witnesses may still hear it, so it keeps its VIPs";
        return $"Node {node.Name} has not been heard for {(now - seen.LastHeard).TotalSeconds:0.0} s: {advice}.";
    }
    private static bool IsUp(FleetMap map, NodeName node) => map.Nodes.TryGetValue(node, out var entry) && entry.Presence == NodePresence.Up;
}
