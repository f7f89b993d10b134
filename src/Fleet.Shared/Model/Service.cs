using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;

namespace Fleet.Shared.Model;

/// <summary>What a listener understands: bytes, or requests, which can be counted and routed one by one.</summary>
[JsonConverter(typeof(KebabEnum<ListenerProtocol>))]
public enum ListenerProtocol
{
    Tcp,
    Http,
}

/// <summary>One port that every VIP of a service listens on.</summary>
public sealed record Listener(int Port, ListenerProtocol Protocol);

/// <summary>A real server.</summary>
/// <param name="Weight">Share of new connections next to its siblings, 0 to 256; 0 takes none.</param>
/// <param name="Site">The datacenter it stands in; null is none in particular.</param>
public sealed record Backend(
    string Name, [property: JsonConverter(typeof(EndpointJson))] IPEndPoint Address, int Weight = 100, SiteName? Site = null);

/// <summary>What a good probe is: a connection that is accepted, or a GET that is answered with the expected status.</summary>
[JsonConverter(typeof(KebabEnum<CheckKind>))]
public enum CheckKind
{
    Tcp,
    Http,
}

/// <summary>
/// How a backend is checked: <see cref="Rise"/> good probes in a row bring it up, <see cref="Fall"/> bad ones take it down. It starts unknown, not
/// up.
/// </summary>
public sealed record CheckSpec(CheckKind Kind, string Path, int Expect, int IntervalMs, int TimeoutMs, int Rise, int Fall)
{
    public static readonly CheckSpec Default = new(CheckKind.Tcp, "/", 200, 1000, 500, 2, 3);
}

/// <summary>How the feedback agent beside a backend is asked for its weight: at the backend's address, a port of its own.</summary>
public sealed record FeedbackSpec(int Port, int IntervalMs, int TimeoutMs);

/// <summary>Which backend a new connection goes to; among equals, by weight.</summary>
[JsonConverter(typeof(KebabEnum<BalancePolicy>))]
public enum BalancePolicy
{
    RoundRobin,
    LeastConnections,
    Source,
}

/// <summary>What a pool does when no backend is up: refuse, or use them all as if they were.</summary>
[JsonConverter(typeof(KebabEnum<AllDown>))]
public enum AllDown
{
    FailClosed,
    ServeAll,
}

/// <summary>The real servers of a service and how connections are spread over them.</summary>
/// <param name="ProxyProtocol">Send a PROXY protocol v2 header, which keeps the client's address and names the node, to each backend.</param>
public sealed record Pool(ImmutableArray<Backend> Backends, CheckSpec Check, BalancePolicy Balance, AllDown AllDown, bool ProxyProtocol)
{
    /// <summary>Null where the backends have no feedback agents.</summary>
    public FeedbackSpec? Feedback { get; init; }
}

/// <summary>A virtual service as the operator wants it. Its VIPs carry equal shares of its demand.</summary>
public sealed record Service
{
    private static readonly ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>> NoSites =
        ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>>.Empty;

    public required ServiceName Name { get; init; }

    public required ImmutableArray<Listener> Listeners { get; init; }

    /// <summary>Explicit addresses; empty when <see cref="VipCount"/> asks for some from the pool.</summary>
    public ImmutableArray<VipAddress> Vips { get; init; } = [];

    /// <summary>How many addresses to take from the fleet's VIP pool; 0 where <see cref="Vips"/> are given.</summary>
    public int VipCount { get; init; }

    /// <summary>Those of its VIPs that belong to one site each; the others may lie wherever the service may.</summary>
    public ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>> SiteVips { get; init => field = value ?? NoSites; } = NoSites;

    /// <summary>Where its VIPs may lie; null is every site.</summary>
    public SiteName? Site { get; init; }

    /// <summary>The layer-2 segment its VIPs must be announced in; null is any.</summary>
    public string? Segment { get; init; }

    /// <summary>Declared demand of the whole service in bit/s; 0 is unknown.</summary>
    public long DemandBps { get; init; }

    /// <summary>Declared new connections per second of the whole service; 0 is unknown.</summary>
    public int DemandCps { get; init; }

    public required Pool Pool { get; init; }

    public GslbSpec Gslb { get; init => field = value ?? GslbSpec.Default; } = GslbSpec.Default;

    /// <summary>How long a VIP that moves by plan waits for its connections to end before it cuts them.</summary>
    public int DrainTimeoutMs { get; init; } = 5000;

    /// <summary>Whether any of its VIPs may lie in that site.</summary>
    public bool MayLieIn(SiteName site) =>
        (Site is null || Site == site) && (SiteVips.IsEmpty || SiteVips.ContainsKey(site) || SiteVips.Values.Sum(vips => vips.Length) < Vips.Length);
}
