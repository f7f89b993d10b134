using Fleet.Demo.Clients;
using Fleet.Lab.Configs;
using Fleet.Lab.Topology;
using Fleet.Shared.Map;

namespace Fleet.Lab.Labs;

/// <summary>The fleet inside a lab, as its coordinators tell of it.</summary>
internal static class LabApi
{
    /// <summary>From the router, which reaches every coordinator that can be reached.</summary>
    /// <exception cref="LabException">The lab has no coordinator.</exception>
    public static FleetApi Open(NetworkLab lab)
    {
        var coordinators = lab.Topology.Of(HostKind.Coordinator).ToArray();
        return coordinators.Length == 0
            ? throw new LabException($"Lab {lab.Name} has no coordinator.")
            : new FleetApi(
                [.. coordinators.Select(host => new Uri($"http://{FleetConf.Coordinator(host, lab.Plan)}"))],
                NamespaceSockets.Handler(lab.Name, Places.Router));
    }

    /// <summary>Whether there is all that it takes to serve.</summary>
    public static bool CanServe(LabTopology topology) =>
        topology.VipsPerSite + topology.Vips6PerSite > 0
        && new[] { HostKind.Coordinator, HostKind.Node, HostKind.Backend }.All(kind => topology.Of(kind).Any());

    /// <summary>Waits until all nodes are up and serve all VIPs, none of them about to move, and returns how many VIPs these are.</summary>
    /// <exception cref="TimeoutException">That is not so in time.</exception>
    public static async Task<int> ServedAsync(NetworkLab lab, TimeSpan patience, CancellationToken cancellation)
    {
        using var api = Open(lab);
        var nodes = lab.Topology.Of(HostKind.Node).Count();
        var map = await api.UntilAsync(map => IsServing(map, nodes), patience, "all VIPs to be served", cancellation);
        return map.Vips.Count;
    }

    private static bool IsServing(FleetMap map, int nodes) =>
        map.Vips.Count > 0
        && map.Vips.Values.All(vip => vip is { Phase: VipPhase.Serving, Successor: null })
        && map.Nodes.Values.Count(node => node.Presence == NodePresence.Up) == nodes;
}
