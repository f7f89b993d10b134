using System.Collections.Immutable;

namespace Fleet.Lab.Topology;

/// <summary>How many hosts of each kind an example has.</summary>
internal sealed record ExampleSize(int Coordinators = 3, int Nodes = 4, int Clients = 2, int Backends = 3);

/// <summary>Topologies by name, to start from.</summary>
internal static class Examples
{
    public const string OneSite = "one-site";
    public const string TwoSites = "two-sites";
    public const string Racks = "racks";
    public const string Far = "far";

    public static readonly ImmutableArray<string> Names = [OneSite, TwoSites, Racks, Far];

    /// <summary>Null when there is no example of that name.</summary>
    public static LabTopology? Find(string example, string lab, ExampleSize? size = null)
    {
        size ??= new ExampleSize();
        return example switch
        {
            OneSite => Of(lab, size, ["dc1"], racks: 0),
            TwoSites => Of(lab, size, ["dc1", "dc2"], racks: 0),
            Racks => Of(lab, size, ["dc1"], racks: 2),
            Far => Of(lab, size, ["dc1", "dc2"], racks: 0) with
            {
                Wires =
                [
                    new LabWire("dc1", "dc2", new WireShape { DelayMs = 10, JitterMs = 1 }),
                    new LabWire(Places.Coordinators, Places.All, new WireShape { DelayMs = 25, JitterMs = 2, Loss = 0.001 }),
                ],
            },
            _ => null,
        };
    }

    /// <summary>What an example is, in a line.</summary>
    public static string Describe(string example) => example switch
    {
        OneSite => "one site",
        TwoSites => "two sites, hosts in turn, and a router between them",
        Racks => "one site, nodes in two racks with a switch each",
        _ => "two sites, 10 ms apart, coordinators 25 ms and 0.1 % loss away, each way",
    };

    private static LabTopology Of(string lab, ExampleSize size, string[] sites, int racks) => new()
    {
        Name = lab,
        Sites = [.. sites.Select(site => new LabSite(site) { RackSwitches = [.. Enumerable.Range(1, racks).Select(rack => $"rack-{rack}")] })],
        Hosts =
        [
            .. Hosts("coordinator", HostKind.Coordinator, size.Coordinators, []),
            .. Hosts("adc", HostKind.Node, size.Nodes, sites)
                .Select((node, index) => node with { Rack = $"rack-{1 + (racks == 0 ? index : index % racks)}" }),
            .. Hosts("client", HostKind.Client, size.Clients, sites),
            .. Hosts("backend", HostKind.Backend, size.Backends, sites),
        ],
    };

    private static IEnumerable<LabHost> Hosts(string name, HostKind kind, int count, string[] sites) =>
        Enumerable.Range(0, count).Select(index => new LabHost($"{name}-{index + 1}", kind, sites.Length == 0 ? null : sites[index % sites.Length]));
}
