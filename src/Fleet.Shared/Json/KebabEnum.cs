using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Json;

/// <summary>An enum is its name in lower-case words joined by hyphens: <c>FailClosed</c> is <c>"fail-closed"</c>. Numbers are refused.</summary>
public sealed class KebabEnum<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
