using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Api;

/// <summary>What an operator should look at, worst first, each with what to do about it where something can be done.</summary>
public static class ProblemList
{
    public static IEnumerable<string> Of(Leader leader, Instant now)
    {
        var (state, observed) = (leader.State, leader.Observed);
        var map = state.Map;
        var dark = state.Vips.Dark();
        foreach (var service in map.Services.Values)
        {
            if (dark.TryGetValue(service.Name, out var unserved))
                yield return $"Service {service.Name}: {unserved} of {service.Vips.Length} VIPs are not served.";
            if (service.Pool.Backends.Length > 0 && service.Pool.Backends.All(b => map.VerdictOf(service.Name, b.Name) != Verdict.Up))
                yield return $"Service {service.Name}: no backend is up.";
        }

        if (leader.Planning.Last is { Planned: var planned } && !map.Vips.IsEmpty && ProtectionWords.Breach(planned) is { } breach)
            yield return $"The protection, that {ProtectionWords.Wanted(map.Policy.Protection)}, does not hold: {breach}";
        if (leader.Planning.Failure is { } failure)
            yield return $"No plan could be made, the fleet goes on with the one before: {failure}";
        foreach (var site in map.Sites.Values.Where(s => s.Held))
        {
            yield return observed.SiteSince.TryGetValue(site.Name, out var since)
                ? $"Site {site.Name} was out and has been well for {(now - since).TotalSeconds:0} of {map.Policy.Zone.HoldDownMs / 1000.0:0.#} s: DNS prefers other sites until then."
                : $"Site {site.Name} is out: none of its nodes is heard and serves, and DNS prefers other sites.";
        }

        foreach (var node in map.Nodes.Values)
        {
            var seen = observed.Of(node.Name);
            if (node.Presence == NodePresence.Down)
                yield return $"Node {node.Name} is down.";
            else if (LivenessRule.IsSuspect(seen, map.Policy.Lease, now))
                yield return Suspect(state, node, seen, now);
            else if (!seen.Missing.IsEmpty)
                yield return $"Node {node.Name} cannot take {seen.Missing.Length} VIP(s): {string.Join(", ", seen.Missing.Take(3))}.";
        }

        var up = map.Nodes.Values.Count(n => n.Presence == NodePresence.Up);
        if (up > map.Policy.Protection.Nodes && up < 2 * map.Policy.Protection.Nodes)
            yield return $"Protection {map.Policy.Protection.Nodes} needs at least {2 * map.Policy.Protection.Nodes} nodes for its watchers to tell that so many are dead; there are {up}: add nodes.";
        var spare = map.Nodes.Values.Count(observed.TakesVips);
        if (spare > 0 && spare <= map.Policy.Protection.Nodes)
            yield return $"Protection {map.Policy.Protection.Nodes} needs more than {map.Policy.Protection.Nodes} node(s) that take VIPs; there is {spare}: add nodes.";
    }

    private static string Suspect(FleetState state, NodeEntry node, NodeObserved seen, Instant now)
    {
        var cannotTell = state.WatcherSets.GetValueOrDefault(node.Name, [])
            .Any(set => set.Watchers.Count(w => state.Map.Nodes.TryGetValue(w, out var n) && n.Presence == NodePresence.Up) < WatchQuorum.Denying(set.Watchers.Length));
        var advice = cannotTell
            ? $"too few watchers are left to tell whether it is dead; if it is, run: pbm cluster down {node.Name}"
            : "its watchers may still hear it, so it keeps its VIPs";
        return $"Node {node.Name} has not been heard for {(now - seen.LastHeard).TotalSeconds:0.0} s: {advice}.";
    }
}
