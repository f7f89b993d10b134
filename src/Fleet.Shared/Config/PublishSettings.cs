using System.Net;

namespace Fleet.Shared.Config;

/// <summary>One of `fleet.coordinator.publish`: a zone on a DNS server that is not the fleet's.</summary>
public sealed record PublishSettings
{
    /// <summary>The zone's primary, DNS over TCP.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The zone there; null is the fleet's zone of the same name.</summary>
    public required string? Zone { get; init; }

    /// <summary>Which of the fleet's zones is published; null is the primary one.</summary>
    public required string? FleetZone { get; init; }

    /// <summary>Holds the TSIG key. The secret is nowhere else.</summary>
    public required string KeyFile { get; init; }

    /// <summary>TTL of every record published.</summary>
    public required int TtlSeconds { get; init; }

    /// <summary>Names that hold records of somebody else become the fleet's.</summary>
    public required bool TakeOver { get; init; }

    /// <summary>How often the zone is read back when nothing has changed.</summary>
    public required TimeSpan Every { get; init; }
}
