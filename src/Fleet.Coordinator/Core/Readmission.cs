using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// Checks the history against today's rules when a term begins: an older version of Fleet may have let in what would now stop programs. The history
/// is folded as it is, so that it stays known which node holds what. Then whatever breaks the rules leaves the map, by events like any other.
/// </summary>
internal static class Readmission
{
    /// <summary>Events that remove from the state what breaks the rules; none when nothing does.</summary>
    /// <param name="known">What has been found in an earlier state.</param>
    public static ImmutableArray<FleetEvent> FindReturning(FleetState state, CheckedServices known) =>
        [
            .. known.Follow(state.Map.Services).Mistakes.Select(left => new FleetEvent.ServiceLeftOut(left.Service, left.Why)),
            .. state.Map.Nodes.Values
                .Where(node => node.Presence == NodePresence.Down && state.Vips.OwnedBy(node.Name).IsEmpty && !NodeRules.Mistakes(node.Facts).IsEmpty)
                .Select(node => new FleetEvent.NodeForgotten(node.Name)),
        ];

    /// <summary>The entry without what cannot even be folded: services with holes where the model allows none.</summary>
    public static JournalEntry Whole(JournalEntry entry) => entry.Events.Any(HasHoles)
        ? entry with { Events = [.. entry.Events.Select(e => HasHoles(e) ? Left(((FleetEvent.ServiceApplied)e).Service) : e)] }
        : entry;

    /// <summary>The same for a snapshot. A left-out service's VIPs stay known as long as its name does.</summary>
    public static FleetState Whole(FleetState state) =>
        state.Map.Services.Values.FirstOrDefault(service => ServiceRules.Holes(service).Any()) is not { } holed
        ? state
        : Whole(state with
        {
            LeftOut = state.LeftOut.SetItem(holed.Name, Left(holed).Why),
            UnreleasedVips = state.UnreleasedVips.SetItems(
                from vip in state.Map.Vips.Values
                where vip.Service == holed.Name && vip.Owner is not null
                select KeyValuePair.Create(vip.Address, new UnreleasedVip(vip.Owner!.Value, state.Map.Version.Revision + 1))),
            Map = state.Map with
            {
                Services = state.Map.Services.Remove(holed.Name),
                Vips = state.Map.Vips.RemoveRange(state.Map.Vips.Values.Where(vip => vip.Service == holed.Name).Select(vip => vip.Address)),
            },
        });

    private static bool HasHoles(FleetEvent happened) => happened is FleetEvent.ServiceApplied e && ServiceRules.Holes(e.Service).Any();

    private static FleetEvent.ServiceLeftOut Left(Service service) => new(service.Name, Mistake.Join(ServiceRules.Holes(service)));
}
