using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gate;

/// <summary>What the types of the model look like in JSON: which members they have, which words, and how messages describe them.</summary>
internal static class JsonKinds
{
    public sealed record Member(JsonTypeInfo Type, bool IsNullable, bool IsRequired);

    /// <summary>An endpoint is a single string, whatever the framework makes of its type.</summary>
    public static JsonTypeInfoKind KindOf(JsonTypeInfo type) => type.Type == typeof(IPEndPoint) ? JsonTypeInfoKind.None : type.Kind;

    /// <summary>Null where the type has no such member.</summary>
    public static Member? MemberOf(JsonTypeInfo type, string key) => KindOf(type) == JsonTypeInfoKind.Dictionary
        ? new Member(type.Options.GetTypeInfo(type.ElementType!), false, false)
        : Properties(type).FirstOrDefault(p => p.Name == key) is { } property ? MemberOf(type, property) : null;

    public static IEnumerable<(string Key, Member Member)> Members(JsonTypeInfo type) => Properties(type).Select(p => (p.Name, MemberOf(type, p)));

    public static string Keys(JsonTypeInfo type) => string.Join(", ", Properties(type).Select(p => p.Name));

    public static string Hint(JsonTypeInfo type, string key) =>
        NearestWord.Find(key, Properties(type).Select(p => p.Name)) is { } near ? $" (did you mean {near}?)" : "";

    public static string Below(string path, string key)
    {
        var word = key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '*') ? key : Mistake.Quote(key);
        return path.Length == 0 ? word : $"{path}.{word}";
    }

    /// <summary>A value of that type, or null where the token is not one.</summary>
    public static JsonNode? Leaf(Type type, JsonTokenType token, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(bool))
            return token is JsonTokenType.True or JsonTokenType.False ? JsonValue.Create(token == JsonTokenType.True) : null;
        if (type == typeof(int))
            return token == JsonTokenType.Number && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? JsonValue.Create(number)
                : null;
        if (type == typeof(long))
            return token == JsonTokenType.Number && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? JsonValue.Create(number)
                : null;
        if (token != JsonTokenType.String)
            return null;
        if (type == typeof(IPEndPoint))
            return Texts.TryEndpoint(text, out _) ? JsonValue.Create(text) : null;
        if (type == typeof(VipAddress))
            return VipAddress.TryParse(text, out _) ? JsonValue.Create(text) : null;
        if (type.IsEnum)
            return Words(type).Contains(text, StringComparer.Ordinal) ? JsonValue.Create(text) : null;
        return JsonValue.Create(text);
    }

    /// <summary>Takes the place of an unsound value, so that what surrounds it can be checked.</summary>
    public static JsonNode Placeholder(JsonTypeInfo type)
    {
        var kind = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return KindOf(type) switch
        {
            JsonTypeInfoKind.Object =>
                new JsonObject(
                    Members(type).Where(m => m.Member.IsRequired).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)Placeholder(m.Member.Type)))),
            JsonTypeInfoKind.Dictionary => new JsonObject(),
            JsonTypeInfoKind.Enumerable => new JsonArray(),
            _ when kind == typeof(bool) => JsonValue.Create(false),
            _ when kind == typeof(int) || kind == typeof(long) => JsonValue.Create(0),
            _ when kind == typeof(IPEndPoint) => JsonValue.Create("0.0.0.0:0"),
            _ when kind == typeof(VipAddress) => JsonValue.Create("0.0.0.0"),
            _ when kind.IsEnum => JsonValue.Create(Words(kind)[0]),
            _ => JsonValue.Create(""),
        };
    }

    public static string Describe(JsonTypeInfo type) => KindOf(type) switch
    {
        JsonTypeInfoKind.Object => $"an object with {Keys(type)}",
        JsonTypeInfoKind.Dictionary => "an object",
        JsonTypeInfoKind.Enumerable => "a list",
        _ => Describe(type.Type),
    };

    public static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? "true or false"
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(IPEndPoint) ? Texts.HostAndPort
            : type == typeof(VipAddress) ? Texts.Host
            : type.IsEnum ? string.Join(" or ", Words(type))
            : "text";
    }

    private static string[] Words(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    /// <summary>What can be read, and not only written.</summary>
    private static IEnumerable<JsonPropertyInfo> Properties(JsonTypeInfo type) =>
        type.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null);

    private static Member MemberOf(JsonTypeInfo owner, JsonPropertyInfo property) => new(
        owner.Options.GetTypeInfo(property.PropertyType),
        Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType && (property.AssociatedParameter?.IsNullable ?? property.IsSetNullable)),
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false });
}
