using System.Collections.Immutable;

namespace Fleet.Lab.Topology;

/// <summary>What a host of the lab is there for.</summary>
internal enum HostKind
{
    /// <summary>An ADC: an agent and a data plane.</summary>
    Node,
    Client,
    Backend,
    Coordinator,
}

/// <summary>
/// The network that a lab builds: sites with a switch each, hosts on them, a router between the sites, and a network of their own for the
/// coordinators. <see cref="TopologyRules"/> says what is allowed; a topology that keeps them can be built.
/// </summary>
/// <param name="VipsPerSite">How many IPv4 addresses of its service each site with nodes has.</param>
/// <param name="Vips6PerSite">The same for IPv6.</param>
internal sealed record LabTopology(int VipsPerSite = 20, int Vips6PerSite = 4)
{
    /// <summary>The lab's name: it begins the name of every namespace, so that labs can stand beside each other.</summary>
    public required string Name { get; init; }

    public required ImmutableArray<LabSite> Sites { get; init; }

    public required ImmutableArray<LabHost> Hosts { get; init; }

    /// <summary>What lies between two places from the start; it can be changed at any time. Without any, the way is short.</summary>
    public ImmutableArray<LabWire> Wires
    {
        // What a file leaves out is left without its value.
        get => field.IsDefault ? [] : field;
        init;
    }

    public IEnumerable<LabHost> Of(HostKind kind) => Hosts.Where(host => host.Kind == kind);

    public LabHost? Find(string name) => Hosts.FirstOrDefault(host => host.Name == name);
}

/// <summary>A datacenter.</summary>
internal sealed record LabSite(string Name)
{
    /// <summary>Racks with a switch of their own, which can be switched off. Hosts of other racks hang on the site's switch.</summary>
    public ImmutableArray<string> RackSwitches
    {
        get => field.IsDefault ? [] : field;
        init;
    }
}

/// <summary>One host.</summary>
/// <param name="Site">Where it stands; null for coordinators, which have a network of their own.</param>
internal sealed record LabHost(string Name, HostKind Kind, string? Site = null)
{
    /// <summary>What fails together with it.</summary>
    public string? Rack { get; init; }

    /// <summary>What its service link carries at most, in Mbit/s, either way; null is as much as the machine does.</summary>
    public int? CapMbit { get; init; }
}

/// <summary>The way from one place to another through the router.</summary>
/// <param name="From">A site, a host, <c>coordinators</c> or <c>all</c>.</param>
/// <param name="BothWays">The way back is like it.</param>
internal sealed record LabWire(string From, string To, WireShape Shape, bool BothWays = true);

/// <summary>What a way does to packets.</summary>
internal sealed record WireShape
{
    public static readonly WireShape Clear = new();

    public double DelayMs { get; init; }

    /// <summary>Up to so much is added to the delay, by chance.</summary>
    public double JitterMs { get; init; }

    /// <summary>What part of the packets is lost, 0 to 1. 1 cuts the way: nothing arrives, and nobody is told.</summary>
    public double Loss { get; init; }

    /// <summary>Packets may overtake each other by what jitter gives them; otherwise those between two hosts keep their order.</summary>
    public bool Reorder { get; init; }

    public override string ToString()
    {
        var jitter = JitterMs > 0 ? $" + 0-{JitterMs:0.###} ms" : "";
        var loss = Loss > 0 ? $", {Loss:0.##%} lost" : "";
        return $"{DelayMs:0.###} ms{jitter}{loss}{(Reorder ? ", order not kept" : "")}";
    }
}
