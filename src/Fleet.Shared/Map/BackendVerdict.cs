using System.Text.Json.Serialization;
using Fleet.Shared.Json;
using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>What is known of a backend. Only those that are up take connections, unless all are down and the pool says otherwise.</summary>
[JsonConverter(typeof(KebabEnum<Verdict>))]
public enum Verdict
{
    Unknown,
    Up,
    Down,
}

/// <summary>A backend of a service; as text <c>service/backend</c>.</summary>
[JsonConverter(typeof(NameJson<BackendKey>))]
public readonly record struct BackendKey(ServiceName Service, string Backend) : IName<BackendKey>, IComparable<BackendKey>
{
    public string Value => $"{Service}/{Backend}";

    public static BackendKey Parse(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new(ServiceName.Parse(value), "") : new(ServiceName.Parse(value[..slash]), value[(slash + 1)..]);
    }

    public int CompareTo(BackendKey other) =>
        Service.CompareTo(other.Service) is not 0 and var order ? order : string.CompareOrdinal(Backend, other.Backend);

    public override string ToString() => Value;
}
