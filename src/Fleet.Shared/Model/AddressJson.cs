using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>A VIP is its address in text, RFC 5952 form for IPv6, also as the key of an object.</summary>
public sealed class VipAddressJson : JsonConverter<VipAddress>
{
    public override VipAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        VipAddress.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("A VIP must be an IP address.");

    public override void Write(Utf8JsonWriter writer, VipAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override VipAddress ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, VipAddress value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}

/// <summary>An endpoint is <c>address:port</c>, an IPv6 address in brackets.</summary>
public sealed class EndpointJson : JsonConverter<IPEndPoint>
{
    public override IPEndPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPEndPoint.TryParse(reader.GetString() ?? "", out var endpoint) ? endpoint : throw new JsonException("An endpoint must be address:port.");

    public override void Write(Utf8JsonWriter writer, IPEndPoint value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A prefix in CIDR notation.</summary>
public sealed class PrefixJson : JsonConverter<Prefix>
{
    public override Prefix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Prefix.TryParse(reader.GetString(), out var prefix)
            ? prefix
            : throw new JsonException("A prefix must be address/length, with no bits set behind it.");

    public override void Write(Utf8JsonWriter writer, Prefix value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>An address without a port.</summary>
public sealed class IPAddressJson : JsonConverter<IPAddress>
{
    public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPAddress.TryParse(reader.GetString() ?? "", out var address) ? address : throw new JsonException("An address must be an IP address.");

    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
