using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
namespace Fleet.Coordinator.Plans;

/// <summary>What events do to the demand that plans are made for.</summary>
internal static class DemandFold
{
    /// <summary>Null when this fold does not handle the event.</summary>
    public static Folded? Fold(FleetState state, FleetEvent happened) => happened switch
    {
        FleetEvent.DemandMeasured e => Folded.Vips(
            state, e.Vips, measured => measured.Vip, (vip, measured) => vip with { MeasuredBps = measured.Bps, MeasuredCps = measured.Cps }),
        FleetEvent.ProtectionOverridden => Folded.Untouched(state),
        _ => null,
    };
}
