using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Model;

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
