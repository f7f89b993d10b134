using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Map;

namespace Fleet.Placement.Planning;

/// <summary>
/// The order of a plan's moves. First what nobody serves: always of the service with the smallest share of its VIPs alive, so that no service stays
/// dark behind another that lost less. Then what is on an overloaded node, what must leave its node, what protection asks for, and balance.
/// </summary>
internal static class RecoveryOrder
{
    public static ImmutableArray<PlannedMove> Sort(IndexedProblem instance, Layout layout, Func<int, MoveReason> reason)
    {
        var moved = Enumerable.Range(0, instance.Vips.Length)
            .Where(v => layout.OwnerOf(v) != IndexedProblem.Nobody && layout.OwnerOf(v) != instance.Owner[v])
            .Select(v => (Vip: v, Reason: reason(v)))
            .ToArray();
        var dark = moved.Where(m => IsDark(m.Reason)).Select(m => m.Vip);
        var planned = moved
            .Where(m => !IsDark(m.Reason))
            .OrderBy(m => Urgency(m.Reason))
            .ThenByDescending(m => instance.Demand[m.Vip].Bps)
            .ThenBy(m => m.Vip);
        return [.. BySmallestShare(instance, dark).Select(Move), .. planned.Select(m => Move(m.Vip))];

        PlannedMove Move(int vip) => new(
            instance.Vips[vip].Address,
            instance.Owner[vip] == IndexedProblem.Nobody ? null : instance.Nodes[instance.Owner[vip]].Name,
            instance.Nodes[layout.OwnerOf(vip)].Name,
            reason(vip));
    }

    private static bool IsDark(MoveReason reason) => reason is MoveReason.Placed or MoveReason.OwnerLost;

    private static int Urgency(MoveReason reason) => reason switch
    {
        MoveReason.Overload => 0,
        MoveReason.OwnerDraining or MoveReason.Outside => 1,
        MoveReason.Protection => 2,
        _ => 3,
    };

    private static IEnumerable<int> BySmallestShare(IndexedProblem instance, IEnumerable<int> dark)
    {
        var waiting = dark.GroupBy(v => instance.Service[v])
            .ToDictionary(g => g.Key, g => new Queue<int>(g.OrderByDescending(v => instance.Demand[v].Bps).ThenBy(v => v)));
        var next = new PriorityQueue<int, (double Share, int Service)>();
        foreach (var service in waiting.Keys)
            next.Enqueue(service, (Share(service), service));
        while (next.TryDequeue(out var service, out _))
        {
            yield return waiting[service].Dequeue();
            if (waiting[service].Count > 0)
                next.Enqueue(service, (Share(service), service));
        }

        double Share(int service) => 1 - ((double)waiting[service].Count / instance.VipsOfService[service].Length);
    }
}
