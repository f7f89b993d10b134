using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>What is asked, and whether it may be asked twice.</summary>
/// <param name="IsRepeatable">
/// Done twice, or late, it does no more than once: reading, and what is conditional in such a way. Anything else must not be asked again before it is
/// known what came of it.
/// </param>
internal sealed record EtcdRequest(string Path, byte[] Body, bool IsRepeatable)
{
    public static EtcdRequest Range(RangeRequest range) => Of("/v3/kv/range", range, EtcdJson.Default.RangeRequest, true);

    public static EtcdRequest Txn(TxnRequest txn, bool isRepeatable) => Of("/v3/kv/txn", txn, EtcdJson.Default.TxnRequest, isRepeatable);

    /// <summary>A lease that nobody uses ends by itself.</summary>
    public static EtcdRequest Grant(TimeSpan lease) =>
        Of("/v3/lease/grant", new LeaseGrantRequest((long)lease.TotalSeconds), EtcdJson.Default.LeaseGrantRequest, true);

    public static EtcdRequest KeepAlive(long lease) => Of("/v3/lease/keepalive", new LeaseRequest(lease), EtcdJson.Default.LeaseRequest, true);

    public static EtcdRequest Revoke(long lease) => Of("/v3/lease/revoke", new LeaseRequest(lease), EtcdJson.Default.LeaseRequest, true);

    public static EtcdRequest Watch(WatchCreate create) =>
        Of("/v3/watch", new WatchRequest(create), EtcdJson.Default.WatchRequest, true);

    public static EtcdRequest Authenticate(AuthenticateRequest who) =>
        Of("/v3/auth/authenticate", who, EtcdJson.Default.AuthenticateRequest, true);

    private static EtcdRequest Of<T>(string path, T body, JsonTypeInfo<T> type, bool isRepeatable) =>
        new(path, JsonSerializer.SerializeToUtf8Bytes(body, type), isRepeatable);
}
