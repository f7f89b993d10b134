using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>Which VIPs an event may change, add or take away: whoever follows a map from one version to the next looks at these alone.</summary>
public static class Footprint
{
    /// <param name="happened">The event.</param>
    /// <param name="before">The map it happens to.</param>
    public static IReadOnlyCollection<VipAddress> Of(FleetEvent happened, FleetMap before) => happened switch
    {
        FleetEvent.ServiceApplied e => [.. VipsOf(e.Service.Name, before), .. e.Service.Vips],
        FleetEvent.ServiceRemoved e => VipsOf(e.Service, before),
        FleetEvent.ServiceLeftOut e => VipsOf(e.Service, before),
        FleetEvent.VipsMoved e => [.. e.Moves.Select(m => m.Vip)],
        FleetEvent.HandoversBegun e => [.. e.Moves.Select(m => m.Vip)],
        FleetEvent.VipsServing e => e.Vips,
        FleetEvent.VipsNotServed e => e.Vips,
        FleetEvent.HandoversCalledOff e => e.Vips,
        FleetEvent.VipsReleasing e => e.Vips,
        FleetEvent.VipsUnplaced e => e.Vips,
        FleetEvent.StandbysNamed e => [.. e.Vips.Select(v => v.Vip)],
        FleetEvent.DemandMeasured e => [.. e.Vips.Select(v => v.Vip)],
        _ => [],
    };

    /// <summary>The VIPs that a whole entry may change, each once.</summary>
    public static IReadOnlyCollection<VipAddress> Of(JournalEntry entry, FleetMap before) => entry.Events.SelectMany(e => Of(e, before)).ToHashSet();

    private static ImmutableArray<VipAddress> VipsOf(ServiceName service, FleetMap map) => map.Services.TryGetValue(service, out var found) ? found.Vips : [];
}
