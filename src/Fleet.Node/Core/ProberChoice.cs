using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>Which nodes probe a backend: three per site, by rendezvous hash over the nodes that are up, so that probes stay bounded however large the fleet is.</summary>
public static class ProberChoice
{
    public const int PerSite = 3;

    public static bool IsProber(FleetMap map, BackendKey backend, NodeName node) =>
        map.Nodes.TryGetValue(node, out var me)
        && map.Nodes.Values
            .Where(n => n.Presence == NodePresence.Up && n.Facts.Site == me.Facts.Site)
            .OrderByDescending(n => Hash($"{backend}@{n.Name}"))
            .ThenBy(n => n.Name)
            .Take(PerSite)
            .Any(n => n.Name == node);

    /// <summary>FNV-1a, 64 bits (draft-eastlake-fnv), with a final mix: the same on every node and in every process.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL;
    }
}
