namespace Fleet.Demo.Servers;

/// <summary>How an <see cref="EtcdCluster"/> is to be.</summary>
internal sealed record EtcdOptions
{
    public int Members { get; init; } = 3;

    /// <summary>The raft leader's, in milliseconds. The defaults of etcd are 100 and 1,000.</summary>
    public int HeartbeatMs { get; init; } = 20;

    /// <summary>A member that hears nothing of a raft leader for so long, or up to twice that, wants to be it. Ten heartbeats.</summary>
    public int ElectionMs { get; init; } = 200;

    /// <summary>The password of the users <c>root</c> and <c>fleet</c>; null lets everybody in.</summary>
    public string? Password { get; init; }

    /// <summary>What the user <c>fleet</c> may read and write, and nothing else.</summary>
    public string FleetPrefix { get; init; } = "/fleet/";

    /// <summary>Clients come by TLS, with a certificate of their own: see <see cref="EtcdCluster.Certificates"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>How large a member's database may be, in bytes; null is etcd's default of 2 GB.</summary>
    public long? QuotaBytes { get; init; }
}
