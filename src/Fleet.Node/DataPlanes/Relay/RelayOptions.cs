namespace Fleet.Node.DataPlanes.Relay;

/// <summary>
/// How the child is started: <c>fleet-node relay --socket PATH --node NAME --orphan-max-ms N --connect-timeout-ms N [--log FILE]</c>.
/// </summary>
internal sealed record RelayOptions
{
    /// <summary>Where orders come in: a Unix domain socket, at most 107 bytes of path. Nothing may be there yet.</summary>
    public required string SocketPath { get; init; }

    /// <summary>What backends are told in the PROXY header.</summary>
    public required string Node { get; init; }

    /// <summary>How long the relay lives without an agent.</summary>
    public TimeSpan OrphanMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a backend may take to accept a connection before another is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where standard output and error go, crash messages too; null keeps what was inherited.</summary>
    public string? LogFile { get; init; }
}
