using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Planning;

/// <summary>
/// Moves by plan: first all VIPs off nodes that are to hand over, then from the most to the least utilised node as long as a move makes the fuller of the two emptier
/// by more than the band. Each such move takes from a node above the mean and gives to one below it, so no VIP moves twice and their number is the least that reaches
/// the balance. At most the policy's share of VIPs is under way at once, and nothing moves by plan while a VIP waits to be served.
/// </summary>
public static class Balance
{
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(2);

    public static IEnumerable<FleetEvent> Rebalance(FleetState state, Observed observed, Instant now)
    {
        var map = state.Map;
        var budget = Budget(map);
        if (budget <= 0 || RecoveryIsUnderWay(map, observed, now))
            yield break;

        var ledger = new Ledger(map, observed.TakesVips);
        var moves = Evacuate(map, observed, ledger).Concat(Level(map, ledger)).Take(budget).ToImmutableArray();
        if (moves.Length > 0)
            yield return new FleetEvent.HandoversBegun(moves);
    }

    /// <summary>Every move that balance asks for, without the budget: what a plan would do in all.</summary>
    public static IEnumerable<VipMove> Level(FleetMap map, Ledger ledger)
    {
        var settled = map.Vips.Values.Where(v => v is { Phase: VipPhase.Serving, Heir: null, Owner: not null }).ToLookup(v => v.Owner!.Value);
        var left = ledger.Nodes.ToDictionary(n => n, n => settled[n].ToList());
        while (Next(ledger, left, map.Policy.Placement.BalanceBand) is { } move)
        {
            var (vip, to) = move;
            ledger.Take(vip, vip.Owner!.Value);
            ledger.Put(vip, to);
            left[vip.Owner.Value].Remove(vip);
            yield return new VipMove(vip.Address, to, MoveReason.Balance);
        }
    }

    private static IEnumerable<VipMove> Evacuate(FleetMap map, Observed observed, Ledger ledger)
    {
        foreach (var vip in map.Vips.Values.Where(v => v is { Phase: VipPhase.Serving, Heir: null }))
        {
            if (vip.Owner is not { } owner || !map.Nodes.TryGetValue(owner, out var node) || !observed.HandsOver(node))
                continue;
            if (ledger.Best(vip) is not { } heir)
                continue;
            ledger.Put(vip, heir);
            yield return new VipMove(vip.Address, heir, MoveReason.OwnerDraining);
        }
    }

    /// <summary>The best move from the fullest node that has one to offer.</summary>
    private static (VipEntry Vip, NodeName To)? Next(Ledger ledger, Dictionary<NodeName, List<VipEntry>> left, double band)
    {
        foreach (var donor in ledger.Nodes.OrderByDescending(ledger.Utilisation).ThenBy(n => n))
        {
            var gains =
                from vip in left[donor]
                let to = ledger.Best(vip, n => n != donor)
                where to is not null && ledger.UtilisationWith(to.Value, vip) < ledger.Utilisation(donor) - 1e-9
                where ledger.Utilisation(donor) - ledger.Utilisation(to.Value) > band
                orderby ledger.OnNode(vip.Service, to.Value) - ledger.OnNode(vip.Service, donor), ledger.Demand(vip) descending, vip.Address
                select (vip, to.Value);
            foreach (var gain in gains)
                return gain;
        }

        return null;
    }

    private static int Budget(FleetMap map) =>
        Math.Max(1, (int)(map.Vips.Count * map.Policy.Placement.MovesInFlightMax)) - map.Vips.Values.Count(v => v.Heir is not null);

    private static bool RecoveryIsUnderWay(FleetMap map, Observed observed, Instant now) => map.Vips.Values.Any(v => v.Phase switch
    {
        VipPhase.Arriving => now - observed.PhaseBegan(v.Address) < ArrivalPatience,
        VipPhase.Unplaced => map.Nodes.Values.Any(observed.TakesVips),
        _ => false,
    });
}
