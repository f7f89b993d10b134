using System.Collections.Immutable;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Rendering;

/// <summary>Addresses and routes of hosts. A node reaches the coordinators by its control link, and everything else by its service link.</summary>
internal static class HostScripts
{
    public static IEnumerable<LabScript> Of(LabTopology topology, AddressPlan plan) => topology.Hosts.Select(
        host => new LabScript(Places.Namespace(topology.Name, host.Name), LabTool.Ip, [.. Lines(host, topology, plan)]));

    private static IEnumerable<string> Lines(LabHost host, LabTopology topology, AddressPlan plan)
    {
        var service = host.Site is null ? AddressPlan.CoordinatorsNetwork : plan.ServiceNetwork(host.Site);
        return
        [
            .. SwitchScripts.Begin(topology.Name),
            .. Link(Places.ServiceLink, plan.Service(host)),
            .. AddressPlan.Gateway(service).Select(gateway => $"route add {Everything(gateway)} via {gateway.Address} dev {Places.ServiceLink}"),
            .. host.Kind == HostKind.Node ? ControlLines(host, plan) : [],
        ];
    }

    private static IEnumerable<string> ControlLines(LabHost host, AddressPlan plan) =>
    [
        .. Link(Places.ControlLink, plan.Control(host)),
        .. AddressPlan.Prefixes(AddressPlan.CoordinatorsNetwork)
            .Zip(AddressPlan.Gateway(plan.ControlNetwork(host.Site!)))
            .Select(way => $"route add {way.First} via {way.Second.Address} dev {Places.ControlLink}"),
    ];

    /// <summary>A link with its addresses, up.</summary>
    public static IEnumerable<string> Link(string link, ImmutableArray<LinkAddress> addresses) =>
    [
        .. addresses.Select(each => $"address add {each} dev {link}{(IsV6(each) ? " nodad" : "")}"),
        $"link set dev {link} up",
    ];

    private static string Everything(LinkAddress gateway) => IsV6(gateway) ? "::/0" : "0.0.0.0/0";

    private static bool IsV6(LinkAddress address) => address.Length == AddressPlan.Length6;
}
