using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// Handles VIPs that their owner reports it cannot hold. After half a second such a VIP no longer counts as served, so DNS prefers others. After a
/// second it is handed over, as by plan but without waiting, to the first standby, or the least used node, that is there and is not known to fail
/// too. If no other node may have it, it stays: moving it would help nobody. An owner that calls itself ill is not waited for: what it gave up goes
/// at once.
/// </summary>
internal static class UnheldVips
{
    /// <summary>How long an owner may try: a relay that has to be restarted needs half of it.</summary>
    private static readonly TimeSpan TryingMax = TimeSpan.FromSeconds(1);

    public static IEnumerable<FleetEvent> MoveOn(FleetState state, Observed observed, Instant now)
    {
        var dark = ImmutableArray.CreateBuilder<VipAddress>();
        var moves = ImmutableArray.CreateBuilder<VipMove>();
        var takers = new Takers(state, observed, now);
        foreach (var (vip, since) in Unheld(state, observed, now))
        {
            var isIll = observed.Node(vip.Owner!.Value).Ill is not null;
            var mayMove = vip.Phase is VipPhase.Arriving or VipPhase.Draining || (isIll && vip.Phase == VipPhase.Serving);
            if (mayMove
                && (isIll || now - since >= TryingMax)
                && !(vip.Successor is { } successor && takers.CanTake(vip, successor)))
            {
                if (takers.For(vip) is { } taker)
                    moves.Add(new VipMove(vip.Address, taker, MoveReason.OwnerCannotHold));
                else if (vip.Phase == VipPhase.Serving || (vip.Successor is { } gone && !takers.MayComeToTake(vip, gone)))
                    dark.Add(vip.Address);
            }
            else if (vip.Phase == VipPhase.Serving && now - since >= HoldFailures.BlipMax)
            {
                dark.Add(vip.Address);
            }
        }

        if (dark.Count > 0)
            yield return new FleetEvent.VipsNotServed(dark.ToImmutable());
        if (moves.Count > 0)
            yield return new FleetEvent.HandoversBegun(moves.ToImmutable());
    }

    /// <summary>The owner works by a map with this entry of the VIP, and reports that it does not hold it. An older report proves nothing.</summary>
    public static bool IsUnheld(NodeObserved owner, VipEntry vip) =>
        owner.Applied.Revision >= vip.Since && owner.MissingSince.ContainsKey(vip.Address);

    private static IEnumerable<(VipEntry Vip, Instant Since)> Unheld(FleetState state, Observed observed, Instant now) =>
        from name in observed.Uneasy
        let node = observed.Node(name)
        where !node.MissingSince.IsEmpty
            && Handovers.IsThere(state, node, now)
            && state.Map.Nodes.GetValueOrDefault(name) is { Presence: NodePresence.Up }
        from missing in node.MissingSince
        let vip = state.Map.Vips.GetValueOrDefault(missing.Key)
        where vip?.HeldBy(name) == true && IsUnheld(node, vip)
        select (vip, missing.Value);

    /// <summary>Who may be given such VIPs.</summary>
    private sealed class Takers(FleetState state, Observed observed, Instant now)
    {
        private readonly Dictionary<(ServiceName Service, SiteName? Site, NodeName Owner), bool> _any = [];
        private readonly List<VipMove> _given = [];
        private Ledger? _ledger;

        /// <summary>
        /// The node can take the VIP at once: it is heard, and does not fail too. An owner that has to go hands over to any node there is.
        /// </summary>
        public bool CanTake(VipEntry vip, NodeName node) => MayComeToTake(vip, node) && Handovers.IsThere(state, observed.Node(node), now);

        public bool MayComeToTake(VipEntry vip, NodeName node) =>
            node != vip.Owner
                && Recovery.MayTake(state.Map, observed, vip, node)
                && (MustGo(vip) || !HoldFailures.IsFailing(observed.Node(node), vip.Service, now));

        public NodeName? For(VipEntry vip)
        {
            var taker = vip.Standbys.Where(standby => CanTake(vip, standby)).Select(standby => (NodeName?)standby).FirstOrDefault() ?? Best(vip);
            if (taker is { } found)
            {
                _ledger?.Put(vip, found);
                _given.Add(new VipMove(vip.Address, found, MoveReason.OwnerCannotHold));
            }

            return taker;
        }

        private NodeName? Best(VipEntry vip)
        {
            // All VIPs are counted only when there is a node to choose: a VIP that stays where it is gets here twenty times a second.
            var kind = (vip.Service, vip.Site, vip.Owner!.Value);
            if (!_any.TryGetValue(kind, out var any))
                _any[kind] = any = state.Map.Nodes.Keys.Any(node => CanTake(vip, node));
            return any ? (_ledger ??= new Ledger(state.Map, observed.TakesVips, Everything(), _given)).Best(vip, node => CanTake(vip, node)) : null;
        }

        private IEnumerable<VipEntry> Everything() => Unheld(state, observed, now).Select(unheld => unheld.Vip);

        private bool MustGo(VipEntry vip) => observed.HandsOver(state.Map.Nodes[vip.Owner!.Value]);
    }
}
