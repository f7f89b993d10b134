using System.Text.Json.Serialization;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// The requests of etcd's JSON gateway, as far as the store needs them (etcd 3.4, "gRPC gateway"). Names are the protocol's; a null is not sent.
/// </summary>
internal sealed record RangeRequest(byte[] Key)
{
    /// <summary>Exclusive; null asks for the one key.</summary>
    public byte[]? RangeEnd { get; init; }

    public long? Limit { get; init; }

    /// <summary>As it was then; null is now.</summary>
    public long? Revision { get; init; }

    /// <summary><c>DESCEND</c>, by key; null is ascending.</summary>
    public string? SortOrder { get; init; }

    public string? SortTarget { get; init; }

    public bool? KeysOnly { get; init; }
}

internal sealed record PutRequest(byte[] Key, byte[] Value)
{
    public long? Lease { get; init; }
}

internal sealed record DeleteRangeRequest(byte[] Key)
{
    public byte[]? RangeEnd { get; init; }
}

/// <summary>One condition of a transaction. A key that is not there has the revisions 0.</summary>
internal sealed record TxnCompare(string Target, string Result, byte[] Key)
{
    public byte[]? RangeEnd { get; init; }

    public long? CreateRevision { get; init; }

    public long? ModRevision { get; init; }

    public byte[]? Value { get; init; }

    public static TxnCompare Created(byte[] key, long revision) => new("CREATE", "EQUAL", key) { CreateRevision = revision };

    public static TxnCompare Exists(byte[] key) => new("CREATE", "GREATER", key) { CreateRevision = 0 };

    public static TxnCompare Modified(byte[] key, long revision) => new("MOD", "EQUAL", key) { ModRevision = revision };

    public static TxnCompare Holds(byte[] key, byte[] value) => new("VALUE", "EQUAL", key) { Value = value };

    /// <summary>There is no key in the range.</summary>
    public static TxnCompare IsEmpty(byte[] from, byte[] end) => new("CREATE", "EQUAL", from) { RangeEnd = end, CreateRevision = 0 };
}

/// <summary>One of the three.</summary>
internal sealed record TxnOperation
{
    public RangeRequest? RequestRange { get; init; }

    public PutRequest? RequestPut { get; init; }

    public DeleteRangeRequest? RequestDeleteRange { get; init; }

    public static implicit operator TxnOperation(RangeRequest range) => new() { RequestRange = range };

    public static implicit operator TxnOperation(PutRequest put) => new() { RequestPut = put };

    public static implicit operator TxnOperation(DeleteRangeRequest delete) => new() { RequestDeleteRange = delete };
}

internal sealed record TxnRequest(TxnCompare[] Compare, TxnOperation[] Success, TxnOperation[] Failure);

/// <param name="TTL">Seconds.</param>
internal sealed record LeaseGrantRequest([property: JsonPropertyName("TTL")] long TTL);

internal sealed record LeaseRequest([property: JsonPropertyName("ID")] long ID);

internal sealed record WatchCreate(byte[] Key, byte[]? RangeEnd, long StartRevision, string[] Filters);

internal sealed record WatchRequest(WatchCreate CreateRequest);

internal sealed record AuthenticateRequest(string Name, string Password);
