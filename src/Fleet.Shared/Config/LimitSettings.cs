namespace Fleet.Shared.Config;

/// <summary>
/// `fleet.coordinator.limits`: what a stranger may take of the coordinator's memory and time; docs/LIMITS.md says what happens at each bound.
/// </summary>
public sealed record LimitSettings(HttpLimits Http, LinkLimits Links);

/// <summary>`fleet.coordinator.limits.http`: connections and requests.</summary>
public sealed record HttpLimits
{
    /// <summary>Connections that are not a node's link.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>Of these, from one address (of IPv6: one /64).</summary>
    public required int ConnectionsPerAddressMax { get; init; }

    /// <summary>From the connection to its first whole request, and from the first byte of a later request to its last header.</summary>
    public required TimeSpan HeadersWithin { get; init; }

    /// <summary>From one request to the next.</summary>
    public required TimeSpan IdleMax { get; init; }

    /// <summary>Bytes of one request's headers.</summary>
    public required int HeadersSizeMax { get; init; }

    public required int HeaderCountMax { get; init; }

    /// <summary>Bytes.</summary>
    public required int BodySizeMax { get; init; }

    /// <summary>The most requests whose bodies are read at once, and the most that are carried out at once.</summary>
    public required int BodiesMax { get; init; }

    /// <summary>Bytes per second of a body or an answer, counted after the first five seconds.</summary>
    public required int ByteRateMin { get; init; }

    /// <summary>From one address, in the long run.</summary>
    public required int RequestsPerSecond { get; init; }

    /// <summary>From one address, at once.</summary>
    public required int RequestsBurst { get; init; }

    /// <summary>Clients that follow the events.</summary>
    public required int FollowersMax { get; init; }
}

/// <summary>`fleet.coordinator.limits.links`: the nodes' WebSockets.</summary>
public sealed record LinkLimits
{
    /// <summary>Links that have said hello.</summary>
    public required int CountMax { get; init; }

    /// <summary>From the WebSocket to a whole hello.</summary>
    public required TimeSpan HelloWithin { get; init; }

    /// <summary>Bytes.</summary>
    public required int HelloSizeMax { get; init; }

    /// <summary>Bytes of one message after hello.</summary>
    public required int MessageSizeMax { get; init; }

    /// <summary>Bytes of all messages that are on their way in, beyond the small buffer of each link.</summary>
    public required long ReceivingMax { get; init; }

    /// <summary>A link is closed when no whole message has come on it for this long.</summary>
    public required TimeSpan IdleMax { get; init; }

    /// <summary>How long a node may take for 64 KiB of what it is sent.</summary>
    public required TimeSpan WriteMax { get; init; }

    /// <summary>Bytes that wait for one node.</summary>
    public required long QueueSizeMax { get; init; }
}
