using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// Gives every VIP that nobody may hold to a node, at once. The VIPs of the service with the smallest part still served go first. A lost owner's VIP
/// goes to its first standby that can take it: a look-up, no planning. A new VIP, or one whose standbys are gone too, goes where
/// <see cref="Ledger.Best"/> says, the largest demand first. A VIP with nowhere to go is unplaced.
/// </summary>
internal static class Recovery
{
    /// <summary>How many new VIPs are placed with one entry; those whose owner was lost are never made to wait.</summary>
    private const int NewAtOnceMax = 2000;

    private static readonly TimeSpan FormationQuiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FormationMax = TimeSpan.FromSeconds(4);

    public static IEnumerable<FleetEvent> Recover(FleetState state, Observed observed, Instant now)
    {
        var map = state.Map;
        var homeless = Homeless(state, observed).ToArray();
        if (homeless.Length == 0 || IsForming(map, observed, now))
            yield break;

        var moves = ImmutableArray.CreateBuilder<VipMove>();
        var ledger = new Lazy<Ledger>(() => new Ledger(map, observed.TakesVips, homeless, moves));
        var nowhere = ImmutableArray.CreateBuilder<VipAddress>();
        foreach (var vip in InOrder(state, homeless))
        {
            if (Target(map, observed, ledger, vip, now) is { } target)
            {
                if (ledger.IsValueCreated)
                    ledger.Value.Put(vip, target);
                moves.Add(new VipMove(vip.Address, target, vip.Owner is null ? MoveReason.Placed : MoveReason.OwnerLost));
            }
            else if (vip.Phase != VipPhase.Unplaced)
            {
                nowhere.Add(vip.Address);
            }
        }

        if (moves.Count > 0)
            yield return new FleetEvent.VipsMoved(moves.ToImmutable());
        if (nowhere.Count > 0)
            yield return new FleetEvent.VipsUnplaced(nowhere.ToImmutable(), "no node can take them");
    }

    /// <summary>May this VIP be given to that node now?</summary>
    public static bool MayTake(FleetMap map, Observed observed, VipEntry vip, NodeName node) =>
        map.Nodes.TryGetValue(node, out var entry) && observed.TakesVips(entry) && Ledger.MayLieOn(map, vip, entry);

    private static IEnumerable<VipEntry> Homeless(FleetState state, Observed observed)
    {
        var map = state.Map;
        var orphans = state.Vips.Owners
            .Where(n => map.Nodes.GetValueOrDefault(n) is not { Presence: NodePresence.Up })
            .SelectMany(state.Vips.OwnedBy);
        var isHopeless = state.Vips.Unowned.IsEmpty || !map.Nodes.Values.Any(observed.TakesVips);
        return orphans.Concat(isHopeless ? [] : state.Vips.Unowned.Where(v => !state.UnreleasedVips.ContainsKey(v)).Take(NewAtOnceMax))
            .Select(v => map.Vips[v]);
    }

    private static IEnumerable<VipEntry> InOrder(FleetState state, VipEntry[] homeless)
    {
        var dark = state.Vips.Dark();
        foreach (var vip in homeless.Where(v => v.Phase is VipPhase.Serving or VipPhase.Draining))
            dark[vip.Service] = dark.GetValueOrDefault(vip.Service) + 1;
        return homeless.OrderByDescending(DarkShare).ThenBy(v => v.Service).ThenByDescending(v => v.DemandBps).ThenBy(v => v.Address);

        double DarkShare(VipEntry vip) =>
            state.Map.Services.TryGetValue(vip.Service, out var service) ? (double)dark.GetValueOrDefault(vip.Service) / service.Vips.Length : 0;
    }

    /// <summary>A node that could not hold VIPs of the service of late is the last resort.</summary>
    private static NodeName? Target(FleetMap map, Observed observed, Lazy<Ledger> ledger, VipEntry vip, Instant now)
    {
        return Pick(node => !HoldFailures.IsFailing(observed.Node(node), vip.Service, now)) ?? Pick(_ => true);

        NodeName? Pick(Func<NodeName, bool> isWell)
        {
            if (vip.Successor is { } successor && isWell(successor) && MayTake(map, observed, vip, successor))
                return successor;
            foreach (var standby in vip.Standbys)
            {
                if (isWell(standby) && MayTake(map, observed, vip, standby))
                    return standby;
            }

            return ledger.Value.Best(vip, isWell);
        }
    }

    /// <summary>
    /// A fleet that has never placed anything waits for its nodes to come, so that the first one does not get it all and hand it over again.
    /// </summary>
    public static bool IsForming(FleetMap map, Observed observed, Instant now)
    {
        if (map.Vips.Values.Any(v => v.Since > 0))
            return false;
        var heard = map.Nodes.Keys.Select(n => observed.Node(n).FirstHeard).Where(t => t > Instant.Never).DefaultIfEmpty(now).ToArray();
        return now - heard.Max() < FormationQuiet && now - heard.Min() < FormationMax;
    }
}
