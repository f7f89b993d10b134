using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;

namespace Fleet.Shared.Model;

/// <summary>What a name's addresses are: the service's VIPs, or the real servers themselves (direct-to-node).</summary>
[JsonConverter(typeof(KebabEnum<AnswerKind>))]
public enum AnswerKind
{
    Vips,
    Backends,
}

/// <summary>What decides between the addresses that may be answered.</summary>
[JsonConverter(typeof(KebabEnum<AnswerWeights>))]
public enum AnswerWeights
{
    /// <summary>For a VIP what its owner has left; for a backend its weight times what its feedback agent reports.</summary>
    Headroom,

    /// <summary>All alike.</summary>
    Even,
}

/// <summary>
/// How a service is answered in DNS; members that are null come from the zone. Sites are tried in this order: the client's own, where <see
/// cref="Topology"/> says so; those of <see cref="Sites"/>; all others together. The first that has something to answer answers.
/// </summary>
/// <param name="Name">The label below the zone; null is the service's own name.</param>
/// <param name="Topology">The client's own site first. Only the members of this list keep their default when JSON leaves them out.</param>
public sealed record GslbSpec(string? Name = null, int? TtlSeconds = null, int? AnswersMax = null, bool Topology = true)
{
    public static readonly GslbSpec Default = new();

    /// <summary>The zone it lies in; null is the primary one.</summary>
    public string? Zone { get; init; }

    public AnswerKind Answer { get; init; }

    /// <summary>
    /// The order of sites for clients of no site, and where a client's own site is out (disaster recovery). Sites not listed come last, together.
    /// </summary>
    public ImmutableArray<SiteName> Sites { get; init => field = value.IsDefault ? [] : value; } = [];

    public AnswerWeights Weights { get; init; }

    /// <summary>When the client's own site is full, the share that does not fit is answered from elsewhere.</summary>
    public bool Overflow { get; init; }

    /// <summary>Clients of one network (/24, /56) get the same addresses while these are there.</summary>
    public bool Sticky { get; init; }

    /// <summary>The name that is answered (CNAME) when no address can be; null answers nothing.</summary>
    public string? Fallback { get; init; }
}
