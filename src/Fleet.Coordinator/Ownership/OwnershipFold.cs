using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;

namespace Fleet.Coordinator.Ownership;

/// <summary>What events do to the owners and phases of VIPs.</summary>
internal static class OwnershipFold
{
    /// <summary>Null when this fold does not handle the event.</summary>
    public static Folded? Fold(FleetState state, FleetEvent happened, long revision) => happened switch
    {
        FleetEvent.VipsMoved e => Folded.Vips(state, e.Moves, move => move.Vip, (vip, move) => vip with
        {
            Owner = move.To,
            Successor = null,
            Phase = VipPhase.Arriving,
            Reason = move.Reason,
            Standbys = vip.Standbys.Remove(move.To),
            Since = revision,
        }),
        FleetEvent.VipsServing e => Folded.Vips(state, e.Vips, vip => vip with { Phase = VipPhase.Serving, Since = revision }),
        FleetEvent.VipsNotServed e =>
            Folded.Vips(state, e.Vips, vip => vip with { Successor = null, Phase = VipPhase.Arriving, Since = revision }),
        FleetEvent.HandoversBegun e => Folded.Vips(state, e.Moves, move => move.Vip, (vip, move) => vip with
        {
            Successor = move.To,
            Phase = VipPhase.Draining,
            Reason = move.Reason,
            Since = revision,
        }),
        FleetEvent.HandoversCalledOff e =>
            Folded.Vips(state, e.Vips, vip => vip with { Successor = null, Phase = VipPhase.Serving, Since = revision }),
        FleetEvent.VipsReleasing e => Folded.Vips(state, e.Vips, vip => vip with { Phase = VipPhase.Releasing, Since = revision }),
        FleetEvent.VipsUnplaced e => Folded.Vips(state, e.Vips, vip => vip with
        {
            Owner = null,
            Successor = null,
            Phase = VipPhase.Unplaced,
            Standbys = [],
            Since = revision,
        }),
        FleetEvent.StandbysNamed e => Folded.Vips(state, e.Vips, named => named.Vip, (vip, named) => vip with { Standbys = named.Standbys }),
        FleetEvent.RemovedVipsReleased e =>
            Folded.Untouched(state with { UnreleasedVips = state.UnreleasedVips.RemoveRange(e.Vips) }),
        _ => null,
    };
}
