using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>One event as automation reads it.</summary>
/// <param name="Ordinal">Its place in the entry, from 0.</param>
/// <param name="Subject">Whom it is about: names of nodes, services, sites and backends, and addresses; sorted, each once.</param>
/// <param name="Why">Null where the event does not say.</param>
internal sealed record EventRow(long Revision, int Ordinal, ImmutableArray<string> Subject, string? Why, FleetEvent Event);

/// <summary>A VIP as it is from a revision on.</summary>
internal sealed record VipRow(
    IPAddress Address,
    string Service,
    string? Site,
    string? Owner,
    string? Successor,
    ImmutableArray<string> Standbys,
    string Phase,
    string Reason,
    long Since,
    long DemandBps,
    long DemandCps);

/// <summary>A node as it is from a revision on.</summary>
internal sealed record NodeRow(
    string Name,
    string State,
    string Presence,
    string Intent,
    bool Suspected,
    NodeFacts Facts,
    ImmutableArray<string> Witnesses);

internal sealed record ServiceRow(Service Service, string? DnsName, int TtlSeconds);

internal sealed record BackendRow(BackendKey Key, Backend Backend, string Verdict, int? FeedbackPercent);

/// <summary>One record that DNS answers.</summary>
/// <param name="Service">Whose name it is; empty for a plain record of the zone.</param>
/// <param name="Data">As a zone file has it.</param>
internal readonly record struct GslbKey(string Service, string Name, string Type, string Data);

/// <param name="Weight">Its chance next to its siblings; null where it has none, or has that of its node.</param>
/// <param name="Node">Whose weight it has.</param>
/// <param name="Site">Where the address is.</param>
internal sealed record GslbRow(GslbKey Key, int TtlSeconds, int? Weight, string? Node, string? Site);

/// <summary>The weight of a node's VIPs in DNS answers. It follows the node's load, so that it is not in the node's history.</summary>
internal sealed record WeightRow(string Node, int Weight);

/// <summary>A VIP goes, or is to go, from one node to another.</summary>
/// <param name="Planned">It drains first, by plan or because its owner cannot hold it. Otherwise it went at once.</param>
/// <param name="Outcome"><c>moving</c>, until it has ended.</param>
internal sealed record MoveRow(IPAddress Vip, string Service, string? From, string To, string Reason, bool Planned, string Outcome);

/// <summary>What one entry changes. A row that is null is no longer there.</summary>
internal sealed record ProjectedEntry(JournalEntry Entry)
{
    public ImmutableArray<EventRow> Events { get; init; } = [];

    public ImmutableArray<(IPAddress Address, VipRow? Row)> Vips { get; init; } = [];

    public ImmutableArray<(string Name, NodeRow? Row)> Nodes { get; init; } = [];

    public ImmutableArray<(string Name, ServiceRow? Row)> Services { get; init; } = [];

    public ImmutableArray<(BackendKey Key, BackendRow? Row)> Backends { get; init; } = [];

    public ImmutableArray<(GslbKey Key, GslbRow? Row)> Gslb { get; init; } = [];

    public ImmutableArray<(string Node, WeightRow? Row)> Weights { get; init; } = [];

    /// <summary>Moves that have ended, each with its outcome.</summary>
    public ImmutableArray<(IPAddress Vip, string Outcome)> EndedMoves { get; init; } = [];

    public ImmutableArray<MoveRow> Moves { get; init; } = [];
}
