using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// A planned move in three steps. Draining: no node answers the VIP in DNS any more, its connections end. Releasing: its owner lets go and says so.
/// Then its successor gets it. At no step may two nodes hold it.
/// </summary>
internal static class Handovers
{
    /// <summary>After so many heartbeats without a word from the successor, a VIP that is served stays where it is.</summary>
    private const int HeartbeatsMax = 2;

    public static IEnumerable<FleetEvent> Advance(FleetState state, Observed observed, Instant now)
    {
        var map = state.Map;
        var calledOff = ImmutableArray.CreateBuilder<VipAddress>();
        var releasing = ImmutableArray.CreateBuilder<VipAddress>();
        var moved = ImmutableArray.CreateBuilder<VipMove>();
        var stranded = ImmutableArray.CreateBuilder<VipAddress>();
        var slowest = new Lazy<long>(() =>
            map.Nodes.Keys
                .Select(observed.Node)
                .Where(n => n.Connection is not null)
                .Select(n => n.Applied.Revision)
                .DefaultIfEmpty(long.MaxValue)
                .Min());
        foreach (var vip in state.Vips.Unsettled.Values)
        {
            if (vip is not { Successor: { } successor, Owner: { } owner } || map.Nodes.GetValueOrDefault(owner) is not { Presence: NodePresence.Up })
                continue;
            var successorIsFit = Recovery.MayTake(map, observed, vip, successor);
            var isUnheld = UnheldVips.IsUnheld(observed.Node(owner), vip);
            if (vip.Phase == VipPhase.Draining && (!successorIsFit || SuccessorFails(map, observed, vip, isUnheld, now)))
                calledOff.Add(vip.Address);
            else if (vip.Phase == VipPhase.Draining
                && IsThere(state, observed.Node(successor), now)
                && (IsIdle(observed.Node(owner), vip, isUnheld) || IsDrained(map, observed, vip, slowest, now)))
                releasing.Add(vip.Address);
            else if (vip.Phase == VipPhase.Releasing && observed.Node(owner).Applied.Revision >= vip.Since && successorIsFit)
                moved.Add(new VipMove(vip.Address, successor, vip.Reason));
            else if (vip.Phase == VipPhase.Releasing && observed.Node(owner).Applied.Revision >= vip.Since)
                stranded.Add(vip.Address);
        }

        if (calledOff.Count > 0)
            yield return new FleetEvent.HandoversCalledOff(calledOff.ToImmutable());
        if (releasing.Count > 0)
            yield return new FleetEvent.VipsReleasing(releasing.ToImmutable());
        if (moved.Count > 0)
            yield return new FleetEvent.VipsMoved(moved.ToImmutable());
        if (stranded.Count > 0)
            yield return new FleetEvent.VipsUnplaced(stranded.ToImmutable(), "the node that was to take them is gone, or may not");
    }

    /// <summary>
    /// The successor can be told now. One that has missed heartbeats may be dead, and one without a link is away for a while: the VIP waits until the
    /// successor is there, or no longer fit.
    /// </summary>
    internal static bool IsThere(FleetState state, NodeObserved successor, Instant now) =>
        successor.Connection is not null && now - successor.LastHeard < state.LongestLease.Heartbeat * HeartbeatsMax;

    /// <summary>
    /// The successor could not hold the VIP either, by its reports on others. An owner that has to go, and cannot hold the VIP, gives it away all the
    /// same.
    /// </summary>
    private static bool SuccessorFails(FleetMap map, Observed observed, VipEntry vip, bool isUnheld, Instant now) =>
        HoldFailures.IsFailing(observed.Node(vip.Successor!.Value), vip.Service, now)
            && !(isUnheld && observed.HandsOver(map.Nodes[vip.Owner!.Value]));

    /// <summary>Nobody is served there, so there is nobody to wait for. When a VIP is held in part, its connections end first.</summary>
    private static bool IsIdle(NodeObserved owner, VipEntry vip, bool isUnheld) => isUnheld && !owner.Busy.ContainsKey(vip.Address);

    /// <summary>
    /// Every node that is heard has stopped answering the VIP for a while, and either no connection is left or the service's patience is at its end.
    /// </summary>
    private static bool IsDrained(FleetMap map, Observed observed, VipEntry vip, Lazy<long> slowest, Instant now)
    {
        var drainingFor = now - observed.PhaseBegan(vip.Address);
        var patience = map.Services.GetValueOrDefault(vip.Service)?.DrainTimeoutMs ?? 0;
        if (drainingFor.TotalMilliseconds < map.Policy.Placement.DrainMinMs)
            return false;
        if (drainingFor.TotalMilliseconds >= patience)
            return true;
        var holder = observed.Node(vip.Owner!.Value);
        return holder.Applied.Revision >= vip.Since && !holder.Busy.ContainsKey(vip.Address) && slowest.Value >= vip.Since;
    }
}
