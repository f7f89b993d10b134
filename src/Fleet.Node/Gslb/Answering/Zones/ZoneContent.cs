using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>What the zones are to say, before it is encoded: the step between the fleet map and the wire.</summary>
internal sealed record ZoneContent
{
    /// <summary>The most NS records; more nodes than this answer as well, but are not listed.</summary>
    public const int NameServersMax = 13;

    /// <summary>The apex of the primary zone, which the name servers' own names lie in.</summary>
    public required DnsName Zone { get; init; }

    /// <summary>The version of the map it was made from; the SOA serial is its revision modulo 2^32.</summary>
    public required MapVersion Version { get; init; }

    /// <summary>How long resolvers may keep a negative answer, in seconds (RFC 2308 4).</summary>
    public required uint NegativeTtlSeconds { get; init; }

    /// <summary>RNAME of the SOA: the mailbox of who is responsible.</summary>
    public required DnsName Mailbox { get; init; }

    /// <summary>Further zones, each with its own mailbox.</summary>
    public ImmutableArray<ZoneApex> MoreZones { get; init; } = [];

    /// <summary>Balanced names, each at most once.</summary>
    public ImmutableArray<BalancedName> Names { get; init; } = [];

    /// <summary>Plain records beside them. A balanced name has no place for plain addresses or a CNAME.</summary>
    public ImmutableArray<RecordSet> Plain { get; init; } = [];

    /// <summary>The hosts that answer for the zones; the first is the SOA's primary, the first <see cref="NameServersMax"/> are in NS.</summary>
    public ImmutableArray<NameServer> NameServers { get; init; } = [];

    /// <summary>Where clients are.</summary>
    public ClientTable Clients { get; init; } = ClientTable.Empty;

    /// <summary>Sites that are not well.</summary>
    public ImmutableSortedDictionary<SiteName, SiteEntry> Sites { get; init; } = ImmutableSortedDictionary<SiteName, SiteEntry>.Empty;

    /// <summary>All zones, the primary one first.</summary>
    public IEnumerable<ZoneApex> Zones => [new ZoneApex(Zone, Mailbox), .. MoreZones];
}

/// <summary>A zone and the mailbox of who is responsible.</summary>
internal sealed record ZoneApex(DnsName Name, DnsName Mailbox);

/// <summary>A name whose addresses are drawn anew for every query. Without candidates it exists and has no data.</summary>
/// <param name="Name">Full name, within a zone.</param>
/// <param name="TtlSeconds">TTL of its records.</param>
/// <param name="AnswersMax">The most records in one answer, 1 to <see cref="WeightedOrder.PicksMax"/>.</param>
/// <param name="Candidates">What may be answered; IPv4 for A, IPv6 for AAAA.</param>
internal sealed record BalancedName(DnsName Name, uint TtlSeconds, int AnswersMax, ImmutableArray<Candidate> Candidates)
{
    /// <summary>The order of sites, stickiness, overflow and what is answered when nothing else can be.</summary>
    public GslbSpec Spec { get; init; } = GslbSpec.Default;
}

/// <summary>A host that answers for the zones.</summary>
/// <param name="Name">Full name, within the primary zone.</param>
/// <param name="Address">Glue; null where the node does not say which address it answers on.</param>
internal sealed record NameServer(DnsName Name, IPAddress? Address);
