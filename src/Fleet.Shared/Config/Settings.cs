using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Config;

/// <summary>What the whole fleet agrees on; the coordinator's file decides, nodes learn it from the map.</summary>
public sealed record ClusterSettings
{
    /// <summary>`fleet.cluster.name`</summary>
    public required string Name { get; init; }

    /// <summary>`fleet.lease`: the duration is at least three heartbeats, the margin less than the duration.</summary>
    public required LeaseTerms Lease { get; init; }

    /// <summary>`fleet.protection`</summary>
    public required Protection Protection { get; init; }

    /// <summary>`fleet.placement`, and `fleet.handover.drain-min`.</summary>
    public required PlacementPolicy Placement { get; init; }

    /// <summary>`fleet.vip-pool`: where services that ask for a number of VIPs get them from.</summary>
    public required ImmutableArray<AddressRange> VipPool { get; init; }
}

/// <summary>Where the journal lives: the word of `fleet.coordinator.store`.</summary>
public enum StoreKind
{
    File,
    Etcd,
    Postgres,
}

/// <summary>`fleet.coordinator`: one coordinator process.</summary>
public sealed record CoordinatorSettings
{
    public required string Name { get; init; }

    /// <summary>REST, events, metrics and the nodes' link; port 0 takes any free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The address that the others are given instead, where it differs (address translation, or listening on every address).</summary>
    public IPEndPoint? Advertise { get; init; }

    /// <summary>Folder of the journal and the snapshots.</summary>
    public required string Data { get; init; }

    public required StoreKind Store { get; init; }

    /// <summary>For the store of that name; read and checked whichever it is.</summary>
    public required EtcdSettings Etcd { get; init; }

    /// <inheritdoc cref="Etcd"/>
    public required PostgresSettings Postgres { get; init; }

    /// <summary>A snapshot after this many journal entries.</summary>
    public required int SnapshotEvery { get; init; }

    /// <summary>What strangers may take of this coordinator.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>The threads that leases depend on run before others, as far as the system allows.</summary>
    public required bool HighPriority { get; init; }

    /// <summary>Where else the fleet's names are published.</summary>
    public ImmutableArray<PublishSettings> Publish { get; init; } = [];

    public required ProjectionSettings Projection { get; init; }
}

/// <summary>What carries the traffic: the word of `fleet.node.data-plane`.</summary>
public enum DataPlaneKind
{
    Relay,
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
