using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>What must be so once faults have stopped. It shares nothing with the planner.</summary>
public static class Healed
{
    /// <summary>The first thing that is not yet as it should be; null when all is well.</summary>
    public static string? Lacks(World world)
    {
        if (world.Coordinator.Leader is not { } leader)
            return "there is no leader";
        var map = leader.State.Map;
        if (world.Settings.Services.FirstOrDefault(s => !map.Services.ContainsKey(s.Name)) is { } lost)
            return $"service {lost.Name} of the configuration is not there";
        var members = world.Nodes.Values.Where(n => !n.HasStopped).ToImmutableArray();
        foreach (var node in members)
        {
            if (!map.Nodes.TryGetValue(node.Name, out var entry) || entry.Presence != NodePresence.Up)
                return $"{node.Name} is not up in the map";
            if (entry.Suspected)
                return $"{node.Name} is silent in the map";
            if (node.Reactor is not { } reactor)
                return $"{node.Name} is still starting";
            if (reactor.Map.Version != map.Version)
                return $"{node.Name} is at {reactor.Map.Version}, the leader at {map.Version}";
        }

        // A site whose nodes have all stopped for good stays out.
        if (map.Sites.Values.FirstOrDefault(s => members.Any(n => n.Facts.Site == s.Name)) is { } site)
            return $"{site} is in the map";
        return map.Vips.Values.Select(vip => Unserved(world, map, vip)).FirstOrDefault(lack => lack is not null) ?? Spread(map) ?? Standbys(map);
    }

    private static string? Unserved(World world, FleetMap map, VipEntry vip)
    {
        if (vip.Phase != VipPhase.Serving || vip.Owner is not { } owner)
            return $"VIP {vip.Address} is {vip.Phase}";
        if (map.Nodes[owner].Presence != NodePresence.Up)
            return $"VIP {vip.Address} belongs to {owner}, which is down";
        return world.Node(owner).Relay.Serving.Contains(vip.Address) ? null : $"VIP {vip.Address} belongs to {owner}, which does not serve it";
    }

    private static string? Spread(FleetMap map)
    {
        var owned = map.Vips.Values.ToLookup(v => v.Owner!.Value);
        var counts = map.Nodes.Values.Where(n => n.TakesVips).Select(n => owned[n.Name].Count()).ToArray();
        if (map.Nodes.Values.FirstOrDefault(n => n.Intent is NodeIntent.Draining or NodeIntent.Leaving && owned[n.Name].Any()) is { } late)
            return $"{late.Name} is {late.Intent} and still has VIPs";
        if (counts.Length == 0)
            return null;
        // All VIPs of a world are equal: fuller than this no node has to be, and none that could have more has less than half of its part.
        var isTooFull = counts.Max() > (map.Vips.Count + counts.Length - 1) / counts.Length;
        var isTooEmpty = counts.Max() - counts.Min() > 1 && counts.Min() * 2 * counts.Length < map.Vips.Count;
        return isTooFull || isTooEmpty ? $"VIPs are spread {string.Join(", ", counts)}" : null;
    }

    private static string? Standbys(FleetMap map)
    {
        var able = map.Nodes.Values.Where(n => n.TakesVips).Select(n => n.Name).ToImmutableHashSet();
        foreach (var owned in map.Vips.Values.GroupBy(v => v.Owner!.Value))
        {
            var elsewhere = able
                .Where(n => map.Policy.Protection.Domains > 0 && !IsOneDomain(map.Nodes[n].Facts, map.Nodes[owned.Key].Facts))
                .ToImmutableHashSet();
            var peers = elsewhere.IsEmpty ? able.Remove(owned.Key) : elsewhere;
            if (peers.IsEmpty)
                continue;
            if (owned.FirstOrDefault(v => v.Standbys is not [var standby, ..] || !peers.Contains(standby)) is { } bare)
                return $"VIP {bare.Address} of {owned.Key} has the standbys [{string.Join(", ", bare.Standbys)}]";
            var after = owned.GroupBy(v => v.Standbys[0]).Max(g => g.Count() + map.Vips.Values.Count(v => v.Owner == g.Key));
            var most = (int)(1 / map.Policy.Placement.ShareMax);
            // A fleet that cannot keep its protection at all owes no even spread.
            var mayHold = map.Policy.Protection.Domains == 0 && map.Vips.Count <= most * (able.Count - map.Policy.Protection.Nodes);
            if (mayHold && able.Contains(owned.Key) && after > most)
                return $"should {owned.Key} die, one standby would have {after} VIPs, and {most} fill it";
        }

        return null;
    }

    /// <summary>A rack is one of its site's: two sites may call theirs alike.</summary>
    private static bool IsOneDomain(NodeFacts one, NodeFacts other) => one.Site == other.Site && one.Domain == other.Domain;
}
