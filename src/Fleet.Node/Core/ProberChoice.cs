using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// Which nodes probe a backend: in every site where its service may have VIPs, the three live nodes with the highest rendezvous hash of (node,
/// backend), lower name first on a tie; all of them where a site has fewer. Each node works it out alone from the map. When a node comes or goes,
/// only the backends it probes, or will, change hands. With no live node nobody probes.
/// </summary>
internal static class ProberChoice
{
    public const int PerSite = 3;

    /// <summary>The probers of one backend, by name.</summary>
    public static ImmutableArray<NodeName> Choose(FleetMap map, BackendKey backend)
    {
        if (!map.Services.TryGetValue(backend.Service, out var service))
            return [];
        var seed = StableHash.Compute(backend.Value);
        return
        [
            .. map.Nodes.Values
                .Where(node => MayProbe(node, service))
                .GroupBy(node => node.Facts.Site)
                .SelectMany(site => site.OrderByDescending(node => Score(node.Name, seed)).ThenBy(node => node.Name).Take(PerSite))
                .Select(node => node.Name)
                .Order(),
        ];
    }

    /// <summary>The backends that one node probes, in the order of the map.</summary>
    public static ImmutableArray<BackendKey> Choose(FleetMap map, NodeName self)
    {
        if (!map.Nodes.TryGetValue(self, out var me))
            return [];
        var siblings = map.Nodes.Values
            .Where(node => node.Name != self && node.Presence == NodePresence.Up && node.Facts.Site == me.Facts.Site)
            .Select(node => (node.Name, Hash: StableHash.Compute(node.Name.Value)))
            .ToArray();
        var mine = ImmutableArray.CreateBuilder<BackendKey>();
        foreach (var service in map.Services.Values.Where(service => MayProbe(me, service)))
        {
            foreach (var backend in service.Pool.Backends)
            {
                var key = new BackendKey(service.Name, backend.Name);
                var seed = StableHash.Compute(key.Value);
                var score = Score(self, seed);
                if (siblings.Where(other => Beats(StableHash.Compute(other.Hash, seed), other.Name, score, self)).Take(PerSite).Count() < PerSite)
                    mine.Add(key);
            }
        }

        return mine.ToImmutable();
    }

    private static bool MayProbe(NodeEntry node, Service service) =>
        node.Presence == NodePresence.Up && service.MayLieIn(node.Facts.Site);

    private static ulong Score(NodeName node, ulong seed) => StableHash.Compute(StableHash.Compute(node.Value), seed);

    private static bool Beats(ulong score, NodeName name, ulong otherScore, NodeName otherName) =>
        score != otherScore ? score > otherScore : name.CompareTo(otherName) < 0;
}
