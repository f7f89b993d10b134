using System.Collections.Immutable;

namespace Fleet.Shared.Model;

/// <summary>The zones every node answers for, and how.</summary>
/// <param name="Name">The zone's name without a trailing dot; services lie in it unless they say otherwise.</param>
/// <param name="TtlSeconds">TTL of the balanced names; 0 asks resolvers to keep nothing.</param>
/// <param name="NegativeTtlSeconds">The SOA minimum (RFC 2308).</param>
/// <param name="AnswersMax">The most addresses in one answer.</param>
/// <param name="Contact">The SOA's responsible mailbox, local part.</param>
/// <param name="HoldDownMs">How long a site that was out must have been well before it is answered again, while there are others.</param>
public sealed record GslbZone(string Name, int TtlSeconds, int NegativeTtlSeconds, int AnswersMax, string Contact, int HoldDownMs = 30_000)
{
    private static readonly ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> Nobodys =
        ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>>.Empty;

    public static readonly GslbZone Default = new("fleet.internal", 0, 5, 4, "hostmaster");

    /// <summary>Further zones that every node answers for, with the same times and contact.</summary>
    public ImmutableArray<string> Zones { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Plain records beside the balanced names, as in a zone file: <c>name ttl type data</c> (RFC 1035 5.1).</summary>
    public ImmutableArray<string> Records { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Which clients belong to which site: the longest prefix wins.</summary>
    public ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> Topology { get; init => field = value ?? Nobodys; } = Nobodys;

    /// <summary>Who may transfer the zones (AXFR).</summary>
    public ImmutableArray<Prefix> TransferTo { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The most equal UDP responses per second to one client network; 0 is unbounded.</summary>
    public int ResponsesMax { get; init; }

    /// <summary>What part of the queries is logged, 0 to 1.</summary>
    public double QueryLog { get; init; }

    /// <summary>The primary zone, then the others.</summary>
    public IEnumerable<string> AllNames() => Zones.IsEmpty ? [Name] : [Name, .. Zones];
}
