using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Planning;

/// <summary>
/// Gives every VIP that nobody may hold to a node, at once. A lost owner's VIP goes to its first standby that can take it: a look-up, no planning. A new VIP, or one
/// whose standbys are gone too, goes where <see cref="Ledger.Best"/> says, the largest demand first. With nowhere to go it is unplaced.
/// </summary>
public static class Recovery
{
    private static readonly TimeSpan FormationQuiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FormationMax = TimeSpan.FromSeconds(4);

    public static IEnumerable<FleetEvent> Recover(FleetState state, Observed observed, Instant now)
    {
        var map = state.Map;
        var homeless = map.Vips.Values.Where(v => IsHomeless(map, v) && !state.Remnants.ContainsKey(v.Address)).ToArray();
        if (homeless.Length == 0 || IsForming(map, observed, now))
            yield break;

        var ledger = new Ledger(map, observed.TakesVips);
        var moves = ImmutableArray.CreateBuilder<VipMove>();
        var nowhere = ImmutableArray.CreateBuilder<VipAddress>();
        foreach (var vip in homeless.OrderByDescending(ledger.Demand).ThenBy(v => v.Address))
        {
            if (Target(ledger, vip) is { } target)
            {
                ledger.Put(vip, target);
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

    private static bool IsHomeless(FleetMap map, VipEntry vip) =>
        vip.Owner is not { } owner || !map.Nodes.TryGetValue(owner, out var node) || node.Presence == NodePresence.Down;

    private static NodeName? Target(Ledger ledger, VipEntry vip)
    {
        if (vip.Heir is { } heir && ledger.Eligible(vip).Contains(heir))
            return heir;
        foreach (var standby in vip.Standbys)
        {
            if (ledger.Eligible(vip).Contains(standby))
                return standby;
        }

        return ledger.Best(vip);
    }

    /// <summary>A fleet that has never placed anything waits for its nodes to come, so that the first one does not get it all and hand it over again.</summary>
    private static bool IsForming(FleetMap map, Observed observed, Instant now)
    {
        if (map.Vips.Values.Any(v => v.Since > 0))
            return false;
        var heard = map.Nodes.Keys.Select(n => observed.Of(n).FirstHeard).Where(t => t > Instant.Never).DefaultIfEmpty(now).ToArray();
        return now - heard.Max() < FormationQuiet && now - heard.Min() < FormationMax;
    }
}
