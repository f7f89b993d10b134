namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>
/// What one backend has carried since HAProxy's last reload; all but <see cref="Active"/> and the times only grow. Times are averages over the last
/// 1,024 requests.
/// </summary>
internal sealed record ServerCounters
{
    /// <summary>To the backend.</summary>
    public required long BytesIn { get; init; }

    /// <summary>From the backend.</summary>
    public required long BytesOut { get; init; }

    public required long Connections { get; init; }

    public required int Active { get; init; }

    /// <summary>HTTP requests; connections of TCP services.</summary>
    public required long Requests { get; init; }

    public required long ConnectErrors { get; init; }

    public required long ResponseErrors { get; init; }

    public required long Answers5xx { get; init; }

    public required long ConnectMs { get; init; }

    public required long ResponseMs { get; init; }

    public required long TotalMs { get; init; }

    public required long TotalMsMax { get; init; }

    /// <summary>It takes new connections.</summary>
    public required bool Takes { get; init; }

    /// <summary>Of a backend that two sections have, because its service has listeners of two protocols: the longer of the times.</summary>
    public ServerCounters Plus(ServerCounters other) => new()
    {
        BytesIn = BytesIn + other.BytesIn,
        BytesOut = BytesOut + other.BytesOut,
        Connections = Connections + other.Connections,
        Active = Active + other.Active,
        Requests = Requests + other.Requests,
        ConnectErrors = ConnectErrors + other.ConnectErrors,
        ResponseErrors = ResponseErrors + other.ResponseErrors,
        Answers5xx = Answers5xx + other.Answers5xx,
        ConnectMs = Math.Max(ConnectMs, other.ConnectMs),
        ResponseMs = Math.Max(ResponseMs, other.ResponseMs),
        TotalMs = Math.Max(TotalMs, other.TotalMs),
        TotalMsMax = Math.Max(TotalMsMax, other.TotalMsMax),
        Takes = Takes || other.Takes,
    };
}
