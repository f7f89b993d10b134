using System.Text.Json.Serialization;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>The gateway's JSON: numbers of 64 bits are strings there, and octets base64.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(RangeRequest))]
[JsonSerializable(typeof(TxnRequest))]
[JsonSerializable(typeof(LeaseGrantRequest))]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(WatchRequest))]
[JsonSerializable(typeof(AuthenticateRequest))]
[JsonSerializable(typeof(RangeAnswer))]
[JsonSerializable(typeof(TxnAnswer))]
[JsonSerializable(typeof(LeaseGrantAnswer))]
[JsonSerializable(typeof(NoAnswer))]
[JsonSerializable(typeof(AuthenticateAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(WatchLine))]
internal sealed partial class EtcdJson : JsonSerializerContext;
