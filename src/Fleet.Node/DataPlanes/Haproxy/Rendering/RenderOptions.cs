using System.Collections.Immutable;
using System.Net;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>What a configuration says that does not come from the plan.</summary>
internal sealed record RenderOptions
{
    /// <summary>Where HAProxy takes commands: a Unix domain socket, at most 107 bytes of path.</summary>
    public required string SocketPath { get; init; }

    /// <summary>What backends are told in the PROXY header.</summary>
    public required string Node { get; init; }

    /// <summary>Where every frontend listens: all addresses of a family, so that a VIP that comes needs no listener of its own.</summary>
    public ImmutableArray<IPAddress> ListenAddresses { get; init; } = [IPAddress.Any, IPAddress.IPv6Any];

    /// <summary>Only connections that come in there are taken; null takes them from everywhere.</summary>
    public string? Interface { get; init; }

    /// <summary>
    /// Addresses that this host does not have may be listened on (IP_TRANSPARENT, ip(7)); it takes CAP_NET_ADMIN. It matters where two services have
    /// the same port with different protocols, and one of them therefore listens on its VIPs.
    /// </summary>
    public bool Transparent { get; init; } = true;

    /// <summary>Connections open at once, of all services together; null is as many as the file limit allows.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Null is one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>How many new services of each kind, at ports that are known, need no reload.</summary>
    public int SpareSections { get; init; } = 2;

    /// <summary>
    /// More servers than this that are not in the plan any more make a section be loaded anew. A backend that is new each time, ten times a second,
    /// gets there after more than a minute.
    /// </summary>
    public int RetiredSlotsMax { get; init; } = 1000;

    /// <summary>How many VIPs counters are kept of; beyond it the ones that were not used for longest are forgotten.</summary>
    public int CountedVipsMax { get; init; } = 100_000;

    /// <summary>How long a backend may take to accept a connection before another is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take to send the head of a request.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client's connection is kept between requests.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a connection may be silent inside a request, or where bytes are passed on as they are.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long connections of before a reload may last.</summary>
    public TimeSpan OldWorkerMax { get; init; } = TimeSpan.FromHours(12);
}
