using System.Text.Json.Serialization;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>The answers of the gateway. Whatever is missing is 0, false or null: the gateway leaves such things out.</summary>
/// <param name="Revision">Of the whole store, when the answer was made.</param>
internal sealed record EtcdHeader(long Revision);

/// <param name="CreateRevision">When the key came to be; another one of that name has another.</param>
/// <param name="Lease">It goes with this lease; 0 is none.</param>
internal sealed record EtcdKey(byte[]? Key, byte[]? Value, long CreateRevision, long ModRevision, long Lease);

internal sealed record RangeAnswer(EtcdHeader? Header, EtcdKey[]? Kvs, bool More)
{
    public EtcdKey[] Keys => Kvs ?? [];

    public EtcdKey? Only => Keys is [var first, ..] ? first : null;
}

internal sealed record TxnResult(RangeAnswer? ResponseRange);

internal sealed record TxnAnswer(EtcdHeader? Header, bool Succeeded, TxnResult[]? Responses)
{
    public long Revision => Header?.Revision ?? 0;

    /// <summary>What the range at that place among the operations has found.</summary>
    public EtcdKey? Found(int place) => Responses is { } all && all.Length > place ? all[place].ResponseRange?.Only : null;
}

internal sealed record LeaseGrantAnswer([property: JsonPropertyName("ID")] long ID, [property: JsonPropertyName("TTL")] long TTL);

internal sealed record NoAnswer;

internal sealed record AuthenticateAnswer(string? Token);

internal sealed record ErrorAnswer(string? Error, int Code);

internal sealed record WatchedEvent(EtcdKey? Kv);

internal sealed record WatchBatch(bool Created, bool Canceled, long CompactRevision, string? CancelReason, WatchedEvent[]? Events);

internal sealed record WatchError(int GrpcCode, string? Message);

/// <summary>One line of a watch.</summary>
internal sealed record WatchLine(WatchBatch? Result, WatchError? Error);
