using System.Collections.Immutable;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Configs;

/// <summary>
/// What one node's agent is told beside the fleet's configuration. Which data plane it drives and how it holds VIPs is said here and nowhere else
/// (<see cref="DataPlane"/>).
/// </summary>
internal static class NodeArguments
{
    /// <summary>VIPs are addresses of the service link, and the embedded relay listens on them.</summary>
    private static readonly ImmutableArray<(string Key, string Value)> DataPlane =
        [("data-plane", "relay"), ("relay.orphan-max", "3s"), ("vips", "linux"), ("linux.interface", Places.ServiceLink)];

    /// <summary>As arguments of <c>fleet-node</c>.</summary>
    /// <param name="data">The folder for what it keeps.</param>
    public static ImmutableArray<string> Of(LabHost node, AddressPlan plan, string config, string data)
    {
        var service = plan.Service(node)[0].Address;
        return
        [
            "--config", config,
            .. Sets(
            [
                ("name", node.Name),
                ("site", node.Site!),
                ("domain", node.Rack ?? node.Name),
                ("data", data),
                ("dns-listen", $"{service}:{AddressPlan.DnsPort}"),
                ("api-listen", $"{service}:{AddressPlan.NodeApiPort}"),
                ("witness-listen", $"{service}:{AddressPlan.WitnessPort}"),
                .. DataPlane,
            ]),
        ];
    }

    private static IEnumerable<string> Sets(IEnumerable<(string Key, string Value)> settings) =>
        settings.SelectMany(each => new[] { "--set", $"fleet.node.{each.Key}=\"{each.Value}\"" });
}
