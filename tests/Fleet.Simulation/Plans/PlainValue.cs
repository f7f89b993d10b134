using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.Simulation.Plans;

/// <summary>What faults and settings are made of, as one word of text each, and back. What has no form of its own here is JSON.</summary>
public static class PlainValue
{
    private static readonly Dictionary<Type, Func<string, object>> Readers = new()
    {
        [typeof(string)] = text => text,
        [typeof(int)] = text => int.Parse(text, CultureInfo.InvariantCulture),
        [typeof(long)] = text => long.Parse(text, CultureInfo.InvariantCulture),
        [typeof(double)] = text => double.Parse(text, CultureInfo.InvariantCulture),
        [typeof(bool)] = text => bool.Parse(text),
        [typeof(TimeSpan)] = text => Span(text),
        [typeof(NodeName)] = text => new NodeName(text),
        [typeof(ServiceName)] = text => new ServiceName(text),
        [typeof(SiteName)] = text => new SiteName(text),
        [typeof(LeaseTerms)] = Lease,
        [typeof(Service)] = ServiceText.Read,
        [typeof(ImmutableArray<string>)] = text => Words(text).ToImmutableArray(),
        [typeof(IReadOnlyList<string>)] = Words,
    };

    /// <summary>Has a form that people can read.</summary>
    public static bool IsPlain(Type type) => Readers.ContainsKey(Bare(type)) || Bare(type).IsEnum;

    public static string Write(object value) => value switch
    {
        string text => IsWord(text) ? text : throw new NotSupportedException($"'{text}' is not one word."),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        TimeSpan span => Text(span),
        Enum member => KebabCase(member.ToString()),
        LeaseTerms lease => $"{lease.HeartbeatMs}/{lease.DurationMs}/{lease.MarginMs}",
        Service service => ServiceText.Write(service),
        ImmutableArray<string> words => string.Join(',', words),
        IReadOnlyList<string> words => string.Join(',', words),
        _ when IsPlain(value.GetType()) => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        _ => Json(value),
    };

    /// <exception cref="FormatException">It is none.</exception>
    public static object Read(string text, Type type)
    {
        var bare = Bare(type);
        try
        {
            if (bare.IsEnum)
                return Enum.Parse(bare, text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            if (Readers.TryGetValue(bare, out var read))
                return read(text);
            return JsonSerializer.Deserialize(text, bare, ApiJson.Default) ?? throw new FormatException("null");
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or JsonException)
        {
            throw new FormatException($"'{text}' is no {What(bare)}", e);
        }
    }

    /// <summary>In milliseconds below a second, in seconds above; exact.</summary>
    public static string Text(TimeSpan span) => Math.Abs(span.Ticks) < TimeSpan.TicksPerSecond
        ? string.Create(CultureInfo.InvariantCulture, $"{(decimal)span.Ticks / TimeSpan.TicksPerMillisecond:0.####}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{(decimal)span.Ticks / TimeSpan.TicksPerSecond:0.#######}s");

    /// <summary>The kind of fault that a type is.</summary>
    public static string NameOf(Type type) => KebabCase(type.Name);

    public static string KebabCase(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static TimeSpan Span(string text)
    {
        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], TimeSpan.TicksPerMillisecond)
            : text.EndsWith('s') ? (text[..^1], TimeSpan.TicksPerSecond)
            : throw new FormatException();
        return TimeSpan.FromTicks((long)(decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) * unit));
    }

    private static LeaseTerms Lease(string text) =>
        text.Split('/').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is [var heartbeat, var duration, var margin]
            ? new LeaseTerms(heartbeat, duration, margin)
            : throw new FormatException();

    private static string What(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "time such as 250ms or 12s",
        _ when type == typeof(int) || type == typeof(long) || type == typeof(double) => "number, or too big a one",
        _ when type.IsEnum => $"{KebabCase(type.Name)}; there are {string.Join(", ", Enum.GetNames(type).Select(KebabCase))}",
        _ => KebabCase(type.Name),
    };

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsWord(string text) => text.Length > 0 && !text.Any(c => char.IsWhiteSpace(c) || c is '{' or '=');

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>Blanks can only stand in its texts, where they may be written otherwise.</summary>
    private static string Json(object value) =>
        JsonSerializer.Serialize(value, value.GetType(), ApiJson.Default).Replace(" ", "\\u0020", StringComparison.Ordinal);
}
