using System.Collections.Immutable;
using Fleet.Coordinator.Backends;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Commands;

/// <summary>
/// What an applied or removed service does to a map: VIPs that stay keep their owners, those that are bound to a site lie there, and each carries an
/// equal share of the declared demand.
/// </summary>
internal static class ServiceFold
{
    /// <summary>Null when this fold does not handle the event.</summary>
    public static Folded? Fold(FleetState state, FleetEvent happened, long revision) => happened switch
    {
        FleetEvent.ServiceApplied e =>
            Changed(state, Apply(state.Map, e.Service), e.Service.Name, state.LeftOut.Remove(e.Service.Name), revision),
        FleetEvent.ServiceRemoved e => Changed(state, Remove(state.Map, e.Service), e.Service, state.LeftOut.Remove(e.Service), revision),
        FleetEvent.ServiceLeftOut e => Changed(state, Remove(state.Map, e.Service), e.Service, state.LeftOut.SetItem(e.Service, e.Why), revision),
        _ => null,
    };

    private static Folded Changed(
        FleetState state, FleetMap next, ServiceName service, ImmutableSortedDictionary<ServiceName, string> leftOut, long revision) => new(
            UnreleasedVips.Keep(state, next, service, revision) with { LeftOut = leftOut },
            [.. VipsOf(state.Map, service), .. VipsOf(next, service)]);

    private static FleetMap Apply(FleetMap map, Service service)
    {
        var vips = map.Vips.ToBuilder();
        var wanted = service.Vips.ToImmutableHashSet();
        vips.RemoveRange(VipsOf(map, service.Name).Where(v => !wanted.Contains(v)));
        var share = service.Vips.IsEmpty ? 0 : service.DemandBps / service.Vips.Length;
        var connections = service.Vips.IsEmpty ? 0 : service.DemandCps / service.Vips.Length;
        var sites = service.SiteVips
            .SelectMany(site => site.Value.Select(vip => (Vip: vip, Site: site.Key)))
            .GroupBy(bound => bound.Vip)
            .ToDictionary(g => g.Key, g => g.First().Site);
        foreach (var address in service.Vips)
        {
            var entry = vips.GetValueOrDefault(address) ?? new VipEntry { Address = address, Service = service.Name, Phase = VipPhase.Unplaced };
            vips[address] = entry with { DemandBps = share, DemandCps = connections, Site = sites.TryGetValue(address, out var site) ? site : null };
        }

        var known = map.Services.GetValueOrDefault(service.Name)?.Pool.Backends ?? [];
        var unchanged = service.Pool.Backends
            .Where(b => known.Any(k => k.Name == b.Name && k.Address.Equals(b.Address)))
            .Select(b => new BackendKey(service.Name, b.Name))
            .ToImmutableHashSet();
        var next = map with
        {
            Services = map.Services.SetItem(service.Name, service),
            Vips = vips.ToImmutable(),
            Verdicts = map.Verdicts.RemoveRange(map.Verdicts.Keys.Where(k => k.Service == service.Name && !unchanged.Contains(k))),
            Feedback = map.Feedback.RemoveRange(map.Feedback.Keys.Where(k => k.Service == service.Name && !unchanged.Contains(k))),
        };
        return BackendFold.Tidied(next, service.Name);
    }

    private static FleetMap Remove(FleetMap map, ServiceName name) => map with
    {
        Feedback = map.Feedback.RemoveRange(map.Feedback.Keys.Where(k => k.Service == name)),
        Services = map.Services.Remove(name),
        Vips = map.Vips.RemoveRange(VipsOf(map, name)),
        Verdicts = map.Verdicts.RemoveRange(map.Verdicts.Keys.Where(k => k.Service == name)),
    };

    private static ImmutableArray<VipAddress> VipsOf(FleetMap map, ServiceName service) => map.Services.GetValueOrDefault(service)?.Vips ?? [];
}
