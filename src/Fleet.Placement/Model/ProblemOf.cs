using System.Collections.Immutable;
using Fleet.Shared.Map;

namespace Fleet.Placement.Model;

/// <summary>
/// The placement problem that a map poses. A VIP counts where it will be once the move under way is done. A VIP of unknown demand counts as the
/// share-max of the smallest node, so that unknown VIPs are spread by number.
/// </summary>
public static class ProblemOf
{
    public static PlacementProblem Map(FleetMap map)
    {
        var unknown = new Load(UnknownBps(map));
        return new PlacementProblem
        {
            Protection = map.Policy.Protection,
            Policy = map.Policy.Placement,
            Nodes = [.. map.Nodes.Values.Select(Node)],
            Vips = [.. map.Vips.Values.Select(vip => Vip(map, vip, Demand(vip, unknown)))],
        };
    }

    /// <summary>What is assumed of a VIP about which nothing is known, bit/s.</summary>
    public static long UnknownBps(FleetMap map)
    {
        var smallest = map.Nodes.Values.Select(node => node.Facts.CapacityBps).Where(bps => bps > 0).DefaultIfEmpty(0).Min();
        return Math.Max(1, (long)(smallest * map.Policy.Placement.ShareMax));
    }

    /// <summary>The larger of declared and measured, in each dimension.</summary>
    private static Load Demand(VipEntry vip, Load unknown)
    {
        var known = new Load(Math.Max(vip.DemandBps, vip.MeasuredBps), Math.Max(vip.DemandCps, vip.MeasuredCps));
        return known.Bps > 0 ? known : known with { Bps = unknown.Bps };
    }

    private static PlanNode Node(NodeEntry node) => new()
    {
        Name = node.Name,
        Site = node.Facts.Site,
        Domain = node.Facts.Domain,
        Segment = node.Facts.Segment,
        Capacity = new Load(node.Facts.CapacityBps, node.Facts.ConnectionsMax > 0 ? node.Facts.ConnectionsMax : PlanNode.Unbounded),
        State = (node.Presence, node.Intent) switch
        {
            (NodePresence.Down, _) => PlanNodeState.Down,
            (_, NodeIntent.Cordoned) => PlanNodeState.Cordoned,
            (_, NodeIntent.Draining or NodeIntent.Leaving) => PlanNodeState.Draining,
            _ => PlanNodeState.Up,
        },
    };

    private static PlanVip Vip(FleetMap map, VipEntry vip, Load demand) => new()
    {
        Address = vip.Address,
        Service = vip.Service,
        Site = map.SiteOf(vip),
        Segment = map.Services.GetValueOrDefault(vip.Service)?.Segment,
        Demand = demand,
        Owner = vip.Destination is { } owner && map.Nodes.ContainsKey(owner) ? owner : null,
        Standbys = [.. vip.Standbys.Where(map.Nodes.ContainsKey)],
    };
}
