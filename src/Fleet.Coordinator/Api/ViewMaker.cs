using System.Collections.Immutable;
using Fleet.Coordinator.Explanations;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Api;

/// <summary>Turns the leader's state and its observations into the API's views.</summary>
internal static class ViewMaker
{
    private const int WaitingMax = 10;

    public static ClusterView Cluster(Leader leader, string name, Instant now)
    {
        var map = leader.State.Map;
        var backends = map.Services.Values.SelectMany(s => s.Pool.Backends.Select(b => map.VerdictOf(s.Name, b.Name))).ToArray();
        return new ClusterView(
            map.Policy.Cluster,
            name,
            map.Version,
            map.Nodes.Values.Count(n => n.Presence == NodePresence.Up),
            map.Nodes.Count,
            map.Services.Count,
            map.Vips.Count,
            map.Vips.Count - leader.State.Vips.Dark().Values.Sum(),
            backends.Count(v => v == Verdict.Up),
            backends.Length,
            map.Nodes.Values.Where(n => n.Presence == NodePresence.Up).Sum(n => n.Facts.CapacityBps),
            map.Nodes.Keys.Sum(n => leader.Observed.Node(n).Load.TotalBitsPerSecond),
            map.Policy,
            [.. ProblemList.Collect(leader, now)],
            Protection(leader),
            Detection(DetectionBound.Compute(leader.State, leader.Observed)),
            Waiting(leader, now));
    }

    private static DetectionView Detection(DetectionBound bound) =>
        new(Ms(bound.Total), Ms(bound.Link), bound.LinkFarthest, Ms(bound.Witnesses), bound.WitnessFarthest, Ms(DetectionBound.Work));

    private static double Ms(TimeSpan span) => Math.Round(span.TotalMilliseconds, 1);

    /// <summary>One sentence for all nodes with the same reason. Nodes that are down or suspect are among the problems.</summary>
    private static ImmutableArray<string> Waiting(Leader leader, Instant now)
    {
        var idleness = Idleness(leader, now);
        var sentences = leader.State.Map.Nodes.Values
            .Where(n => n.Presence == NodePresence.Up)
            .Select(n => (n.Name, Why: idleness.Explain(n)))
            .Where(n => n.Why is { Kind: not "suspect" })
            .GroupBy(n => View(n.Why!, now), n => n.Name)
            .Select(nodes => $"{Names([.. nodes])}: {nodes.Key.Sentence}")
            .ToArray();
        return sentences.Length <= WaitingMax
            ? [.. sentences]
            : [.. sentences[..WaitingMax], $"And {sentences.Length - WaitingMax} more: pbm node list"];
    }

    private static string Names(NodeName[] nodes) =>
        nodes.Length <= 3 ? string.Join(", ", nodes) : $"{string.Join(", ", nodes[..2])} and {nodes.Length - 2} more";

    internal static NodeIdleness Idleness(Leader leader, Instant now) => new(leader.State, leader.Observed, leader.Planning.Failure, now);

    internal static WaitingView View(Idleness why, Instant now) =>
        new(why.Kind, why.Text, why.Until is { } until ? Math.Round(Math.Max(0, (until - now).TotalSeconds), 1) : null, why.Ends);

    private static ProtectionView? Protection(Leader leader)
    {
        if (leader.Planning.Last is not { Planned: var planned } plan)
            return null;
        var worst = planned.Verdict.Worst;
        return new ProtectionView(
            planned.Verdict.Holds,
            plan.Of,
            planned.Verdict.Method.ToString().ToLowerInvariant(),
            ProtectionWords.Breach(planned) ?? ProtectionWords.Nearest(planned.Verdict) ?? "nothing is placed",
            worst?.Failed ?? [],
            worst?.Node,
            worst is { Utilisation: var utilisation } && double.IsFinite(utilisation) ? Math.Round(utilisation, 6) : null,
            worst?.ExcessBps ?? 0,
            leader.Observed.Plan?.Moves.Length ?? 0,
            Math.Round(leader.Planning.LastTook.TotalMilliseconds, 1));
    }

    public static ImmutableArray<NodeView> Nodes(Leader leader, Instant now) => Nodes(leader, leader.State.Map.Nodes.Keys, now);

    public static NodeView? Node(Leader leader, NodeName name, Instant now) =>
        leader.State.Map.Nodes.ContainsKey(name) ? Nodes(leader, [name], now).Single() : null;

    private static ImmutableArray<NodeView> Nodes(Leader leader, IEnumerable<NodeName> names, Instant now)
    {
        var idleness = Idleness(leader, now);
        return [.. names.Select(name => Node(leader, leader.State.Map.Nodes[name], idleness, now))];
    }

    private static NodeView Node(Leader leader, NodeEntry entry, NodeIdleness idleness, Instant now)
    {
        var (map, name) = (leader.State.Map, entry.Name);
        var seen = leader.Observed.Node(name);
        var total = seen.Load.Counters.Values.Aggregate(VipCounters.Zero, (sum, c) => new VipCounters(
            sum.BytesIn + c.BytesIn, sum.BytesOut + c.BytesOut, sum.Connections + c.Connections, sum.Requests + c.Requests, sum.Active + c.Active));
        return new NodeView(
            entry,
            StateOf(entry, seen, map.Policy.Lease, now),
            seen.FirstHeard > Instant.Never ? Math.Round((now - seen.LastHeard).TotalMilliseconds, 1) : null,
            seen.Applied,
            leader.State.Vips.OwnedBy(name).Count,
            seen.Load.TotalBitsPerSecond,
            total,
            idleness.Explain(entry) is { } why ? View(why, now) : null);
    }

    public static ImmutableArray<VipView> Vips(Leader leader) => [.. leader.State.Map.Vips.Values.Select(v => Vip(leader, v))];

    public static VipView Vip(Leader leader, VipEntry vip)
    {
        var load = vip.Owner is { } owner ? leader.Observed.Node(owner).Load : NodeLoad.None;
        return new VipView(vip, load.BitsPerSecond.GetValueOrDefault(vip.Address), load.Counters.GetValueOrDefault(vip.Address, VipCounters.Zero));
    }

    public static ImmutableArray<ServiceView> Services(Leader leader) => [.. Services(leader, leader.State.Map.Services.Values)];

    public static ServiceView Service(Leader leader, Service service) => Services(leader, [service]).Single();

    private static IEnumerable<ServiceView> Services(Leader leader, IEnumerable<Service> services)
    {
        var map = leader.State.Map;
        var dark = leader.State.Vips.Dark();
        return services.Select(service => new ServiceView(
            service,
            service.Vips.Length - dark.GetValueOrDefault(service.Name),
            service.Pool.Backends.ToImmutableSortedDictionary(b => b.Name, b => map.VerdictOf(service.Name, b.Name), StringComparer.Ordinal)));
    }

    private static string StateOf(NodeEntry node, NodeObserved seen, LeaseTerms lease, Instant now) => node switch
    {
        { Presence: NodePresence.Down } => "down",
        _ when LivenessRule.IsOverdue(seen, lease, now) => "suspect",
        { Intent: NodeIntent.Leaving } => "leaving",
        { Intent: NodeIntent.Draining } => "draining",
        _ when seen.SaidGoodbye => "leaving",
        { Intent: NodeIntent.Cordoned } => "cordoned",
        _ => "up",
    };
}
