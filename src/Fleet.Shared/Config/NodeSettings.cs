using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Config;

/// <summary>What carries the traffic: the word of `fleet.node.data-plane`.</summary>
public enum DataPlaneKind
{
    /// <summary>The embedded one, a child process of the agent.</summary>
    Relay,

    /// <summary>HAProxy, installed on the host.</summary>
    Haproxy,
}

/// <summary>What holds the VIPs: the word of `fleet.node.vips`.</summary>
public enum VipsKind
{
    /// <summary>Listening sockets of the relay, on addresses that the host has already.</summary>
    Relay,

    /// <summary>Addresses of an interface, under a lease that the kernel ends.</summary>
    Linux,
}

/// <summary>`fleet.node`: one ADC node's agent.</summary>
public sealed record NodeSettings
{
    /// <summary>Empty means the host's own name, which the shell knows.</summary>
    public required string Name { get; init; }

    public required SiteName Site { get; init; }

    public required DomainName Domain { get; init; }

    /// <summary>The layer-2 segment its VIPs can be announced in; null is none in particular.</summary>
    public required string? Segment { get; init; }

    /// <summary>Bit/s.</summary>
    public required long CapacityBps { get; init; }

    /// <summary>New connections per second; 0 is unbounded.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>What part of the host it may use, 0 to 1.</summary>
    public required double CapacityShare { get; init; }

    /// <summary>Any of them will do: followers answer with the leader's address.</summary>
    public required ImmutableArray<LinkAddress> Coordinators { get; init; }

    /// <summary>Folder of the last map.</summary>
    public required string Data { get; init; }

    /// <inheritdoc cref="CoordinatorSettings.HighPriority"/>
    public required bool HighPriority { get; init; }

    /// <summary>How long a starting agent waits for the folder and the addresses that its predecessor may still have.</summary>
    public required TimeSpan StartWait { get; init; }

    public required DataPlaneKind DataPlane { get; init; }

    /// <summary>The data planes that hold no VIPs themselves need another holder than the relay's.</summary>
    public required VipsKind Vips { get; init; }

    public required IPEndPoint ApiListen { get; init; }

    public required IPEndPoint DnsListen { get; init; }

    /// <summary>The DNS address that others are given; null means the one listened on.</summary>
    public required IPEndPoint? DnsAdvertise { get; init; }

    /// <summary>Folder of the DNSSEC keys; null answers unsigned.</summary>
    public required string? DnssecKeys { get; init; }

    /// <summary>UDP, for the probes of the nodes it is a witness of.</summary>
    public required IPEndPoint WitnessListen { get; init; }

    /// <summary>Where peers are told to send witness probes; null means the address listened on.</summary>
    public required IPEndPoint? WitnessAdvertise { get; init; }

    public required RelaySettings Relay { get; init; }

    /// <summary>For `data-plane = haproxy`; read and checked whichever it is.</summary>
    public required HaproxySettings Haproxy { get; init; }

    /// <summary>For `vips = linux`; read and checked whichever it is.</summary>
    public required LinuxSettings Linux { get; init; }

    /// <summary>Where the keys below `fleet.node` stand that ask something of the host, such as `linux.interface`, for messages.</summary>
    public required ImmutableSortedDictionary<string, HoconOrigin> Origins { get; init; }
}

/// <summary>`fleet.node.relay`: the embedded data plane.</summary>
public sealed record RelaySettings
{
    /// <summary>A relay whose agent stays away this long exits.</summary>
    public required TimeSpan OrphanMax { get; init; }

    /// <summary>A second one is kept ready to take its place.</summary>
    public required bool Spare { get; init; }

    /// <summary>To a backend.</summary>
    public required TimeSpan ConnectTimeout { get; init; }
}

/// <summary>`fleet.node.haproxy`.</summary>
/// <param name="Program">A path, or a name that is looked for as a shell does.</param>
public sealed record HaproxySettings(string Program);

/// <summary>`fleet.node.linux`: VIPs as addresses of an interface.</summary>
public sealed record LinuxSettings
{
    /// <summary>Where clients find the VIPs; null where nobody has said.</summary>
    public required string? Interface { get; init; }

    /// <summary>The nftables table that belongs to this node alone.</summary>
    public required string Table { get; init; }

    /// <summary>How long to wait for somebody else who has a VIP to say so.</summary>
    public required TimeSpan AnswerMax { get; init; }
}
