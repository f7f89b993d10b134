using System.Collections.Immutable;
using System.Net;

namespace Fleet.Shared.Config;

/// <summary>`fleet.coordinator.etcd`: where the journal lives when the store is etcd.</summary>
public sealed record EtcdSettings
{
    /// <summary>Clients' addresses of the members; the first is preferred until it fails.</summary>
    public required ImmutableArray<IPEndPoint> Endpoints { get; init; }

    /// <summary>All keys begin with it: one fleet, one prefix.</summary>
    public required string Prefix { get; init; }

    /// <summary>After so long etcd ends the leadership by itself, where no standby does sooner. Whole seconds.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>A member that does not answer for so long is left for the next one.</summary>
    public required TimeSpan AttemptTimeout { get; init; }

    public string? User { get; init; }

    /// <summary>The password is its first line.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM. Set, members are reached by TLS, and only those count whose certificate one of these authorities has issued.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM, this coordinator's own certificate.</summary>
    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }
}
