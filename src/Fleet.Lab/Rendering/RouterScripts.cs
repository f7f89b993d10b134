using Fleet.Lab.Topology;

namespace Fleet.Lab.Rendering;

/// <summary>
/// The router. Whatever comes in by a link is routed into the TUN device; what the process behind it gives back comes in by that device and is
/// routed to where it belongs. While nobody is behind the device, nothing passes: there is no way around it.
/// </summary>
internal static class RouterScripts
{
    private const int Table = 100;

    /// <summary>After the table of local addresses, so that the router itself can be reached, and before the main one.</summary>
    private const int Preference = 100;

    /// <summary>Long enough for a burst at the speed of memory.</summary>
    private const int Queue = 10_000;

    /// <summary>Its links, the device, and what is routed into it of IPv4.</summary>
    public static LabScript Links(LabTopology topology, AddressPlan plan) => new(
        Places.Namespace(topology.Name, Places.Router),
        LabTool.Ip,
        [
            .. SwitchScripts.Begin(topology.Name),
            .. Networks(topology, plan).SelectMany(link => HostScripts.Link(link.Name, AddressPlan.Gateway(link.Network))),
            $"tuntap add dev {Places.Wire} mode tun",
            $"link set dev {Places.Wire} addrgenmode none",
            $"link set dev {Places.Wire} txqueuelen {Queue}",
            $"link set dev {Places.Wire} up",
            .. IntoWire(topology, plan),
        ]);

    /// <summary>What is routed into it of IPv6, when it is there.</summary>
    public static LabScript Rules6(LabTopology topology, AddressPlan plan) =>
        new(Places.Namespace(topology.Name, Places.Router), LabTool.Ip6, [.. IntoWire(topology, plan)]);

    public static IEnumerable<LinkAddress> Addresses(LabTopology topology, AddressPlan plan) =>
        Networks(topology, plan).SelectMany(link => AddressPlan.Gateway(link.Network));

    private static IEnumerable<string> IntoWire(LabTopology topology, AddressPlan plan) =>
    [
        .. Networks(topology, plan).Select(link => $"rule add pref {Preference} iif {link.Name} lookup {Table}"),
        $"route add default dev {Places.Wire} table {Table}",
        $"route add blackhole default metric 9999 table {Table}",
    ];

    private static IEnumerable<(string Name, int Network)> Networks(LabTopology topology, AddressPlan plan)
    {
        foreach (var site in topology.Sites)
        {
            yield return (site.Name, plan.ServiceNetwork(site.Name));
            yield return (Places.ControlPort(site.Name), plan.ControlNetwork(site.Name));
        }

        yield return (Places.Control, AddressPlan.CoordinatorsNetwork);
    }
}
