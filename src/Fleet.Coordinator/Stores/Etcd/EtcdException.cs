namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>What is known of a request that was not carried out as asked.</summary>
internal enum EtcdFailure
{
    /// <summary>No member has had it.</summary>
    NotSent,

    /// <summary>A member may have had it, and may carry it out even later.</summary>
    Unknown,

    /// <summary>etcd has refused it for good: it was not carried out, and asking again does not help.</summary>
    Refused,

    /// <summary>What was asked for is older than what etcd keeps.</summary>
    Compacted,

    /// <summary>The lease is over.</summary>
    NoLease,

    /// <summary>Nobody is logged in; it was not carried out.</summary>
    NoToken,
}

/// <summary>Neither message nor members hold a secret.</summary>
internal sealed class EtcdException(EtcdFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public EtcdFailure Failure => failure;

    /// <summary>For whoever knows stores and not etcd.</summary>
    public StoreUnreachableException ForStore(string doing) =>
        new($"Could not {doing}: {Message}", this) { IsSurelyNotWritten = failure != EtcdFailure.Unknown };
}
