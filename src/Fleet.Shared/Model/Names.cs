using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>A name as one word of text. Names are compared ordinally, so that equal inputs are listed in equal order everywhere.</summary>
public interface IName<TSelf>
    where TSelf : struct, IName<TSelf>
{
    string Value { get; }

    static abstract TSelf Parse(string value);
}

/// <summary>One ADC appliance: agent and data plane.</summary>
[JsonConverter(typeof(NameJson<NodeName>))]
public readonly record struct NodeName(string Value) : IName<NodeName>, IComparable<NodeName>
{
    public static NodeName Parse(string value) => new(value);

    public int CompareTo(NodeName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A virtual service: a name, listeners, a pool of backends and the VIPs it is reached by.</summary>
[JsonConverter(typeof(NameJson<ServiceName>))]
public readonly record struct ServiceName(string Value) : IName<ServiceName>, IComparable<ServiceName>
{
    public static ServiceName Parse(string value) => new(value);

    public int CompareTo(ServiceName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A datacenter; GSLB topology maps client subnets to sites.</summary>
[JsonConverter(typeof(NameJson<SiteName>))]
public readonly record struct SiteName(string Value) : IName<SiteName>, IComparable<SiteName>
{
    public static SiteName Parse(string value) => new(value);

    public int CompareTo(SiteName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A failure domain inside a site: what fails together, such as a rack, a power feed or a ToR switch.</summary>
[JsonConverter(typeof(NameJson<DomainName>))]
public readonly record struct DomainName(string Value) : IName<DomainName>, IComparable<DomainName>
{
    public static DomainName Parse(string value) => new(value);

    public int CompareTo(DomainName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
