using Fleet.Lab.Topology;

namespace Fleet.Lab.Rendering;

/// <summary>
/// The switches: for each site a namespace with one bridge for its service network and one for its control network, each with one more for every
/// rack that has its own; and one for the coordinators. Each line from a port to a host, or to the router, begins here.
/// </summary>
internal static class SwitchScripts
{
    public static IEnumerable<LabScript> Of(LabTopology topology) =>
        topology.Sites.Select(site => new LabScript(Places.Namespace(topology.Name, site.Name), LabTool.Ip, [.. Site(site, topology)]))
            .Append(new LabScript(Places.Namespace(topology.Name, Places.Control), LabTool.Ip, [.. Coordinators(topology)]));

    /// <summary>The lines by which a namespace is known for this lab's, which come before all others.</summary>
    public static IEnumerable<string> Begin(string lab) => [$"link set dev lo alias \"{LabPlan.Mark}{lab}\"", "link set dev lo up"];

    private static IEnumerable<string> Site(LabSite site, LabTopology topology)
    {
        foreach (var line in Begin(topology.Name))
            yield return line;
        foreach (var network in new[] { Places.Service, Places.Control })
        {
            foreach (var line in Bridge(network))
                yield return line;
            foreach (var line in site.RackSwitches.SelectMany(rack => Rack(network, rack)))
                yield return line;
        }

        foreach (var line in Port(Places.Router, Places.Service, topology, Places.Router, site.Name))
            yield return line;
        foreach (var line in Port(Places.ControlPort(Places.Router), Places.Control, topology, Places.Router, Places.ControlPort(site.Name)))
            yield return line;
        foreach (var line in topology.Hosts.Where(host => host.Site == site.Name).SelectMany(host => Ports(host, topology)))
            yield return line;
    }

    private static IEnumerable<string> Coordinators(LabTopology topology) =>
    [
        .. Begin(topology.Name),
        .. Bridge(Places.Control),
        .. Port(Places.Router, Places.Control, topology, Places.Router, Places.Control),
        .. topology.Of(HostKind.Coordinator).SelectMany(host => Port(host.Name, Places.Control, topology, host.Name, Places.ServiceLink)),
    ];

    private static IEnumerable<string> Ports(LabHost host, LabTopology topology) =>
    [
        .. Port(host.Name, Bridge(Places.Service, host, topology), topology, host.Name, Places.ServiceLink),
        .. host.Kind == HostKind.Node
            ? Port(Places.ControlPort(host.Name), Bridge(Places.Control, host, topology), topology, host.Name, Places.ControlLink)
            : [],
    ];

    private static string Bridge(string network, LabHost host, LabTopology topology) =>
        Places.RackSwitchOf(host, topology) is { } rack ? Places.RackSwitch(network, rack) : network;

    /// <summary>Without spanning tree, whose delay nobody waits for, and without snooping: neighbour discovery is multicast.</summary>
    private static IEnumerable<string> Bridge(string name) =>
        [$"link add dev {name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0", $"link set dev {name} up"];

    private static IEnumerable<string> Rack(string network, string rack)
    {
        var (own, up, down) = (Places.RackSwitch(network, rack), Places.RackUplink(network, rack), Places.RackDownlink(network, rack));
        return
        [
            .. Bridge(own),
            $"link add dev {down} type veth peer name {up}",
            $"link set dev {down} master {network} up",
            $"link set dev {up} master {own} up",
        ];
    }

    private static IEnumerable<string> Port(string port, string bridge, LabTopology topology, string place, string link) =>
    [
        $"link add dev {port} type veth peer name {link} netns {Places.Namespace(topology.Name, place)}",
        $"link set dev {port} master {bridge} up",
    ];
}
