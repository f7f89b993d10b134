using System.Collections.Frozen;
using System.Net;
using Fleet.Shared.Gate;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Config;

/// <summary>
/// The kinds of setting that Fleet has. <see cref="Limits"/> and <see cref="Texts"/> define what is allowed of each, and the words for it.
/// </summary>
public static class Readings
{
    public static Reading<TimeSpan> Duration(TimeSpan min, TimeSpan max) => new(
        $"a duration from {NumberRange.Shown(min)} to {NumberRange.Shown(max)}",
        (HoconValue value, out TimeSpan duration) => HoconUnits.TryDuration(value, out duration) && duration >= min && duration <= max);

    /// <summary>A duration as milliseconds; fractions of one are cut.</summary>
    public static Reading<int> Milliseconds(NumberRange range)
    {
        var duration = Duration(TimeSpan.FromMilliseconds(range.Min), TimeSpan.FromMilliseconds(range.Max));
        return new(range.Allowed, (HoconValue value, out int milliseconds) =>
        {
            var sound = duration.Try(value, out var span);
            milliseconds = sound ? (int)span.TotalMilliseconds : 0;
            return sound;
        });
    }

    /// <summary>
    /// A duration as seconds, for what DNS counts in seconds; fractions are refused, so that `ttl = 5` (5 ms in HOCON) is not taken for 0.
    /// </summary>
    public static Reading<int> Seconds(NumberRange range) => new(
        range.Allowed,
        (HoconValue value, out int seconds) =>
        {
            var sound = HoconUnits.TryDuration(value, out var span)
                && span.Ticks % TimeSpan.TicksPerSecond == 0
                && range.Has(span.Ticks / TimeSpan.TicksPerSecond);
            seconds = sound ? (int)span.TotalSeconds : 0;
            return sound;
        });

    public static Reading<int> Whole(int min, int max) => Whole(new NumberRange(min, max));

    public static Reading<int> Whole(NumberRange range) => new(
        range.Allowed,
        (HoconValue value, out int number) =>
        {
            var sound = HoconUnits.TryWhole(value, out var whole) && range.Has(whole);
            number = sound ? (int)whole : 0;
            return sound;
        });

    /// <summary>Bit/s.</summary>
    public static Reading<long> Rate(long min, long max) => Rate(new NumberRange(min, max, NumberUnit.BitsPerSecond));

    /// <inheritdoc cref="Rate(long, long)"/>
    public static Reading<long> Rate(NumberRange range) =>
        new(range.Allowed, (HoconValue value, out long bps) => HoconUnits.TryRate(value, out bps) && range.Has(bps));

    /// <summary>Bytes.</summary>
    public static Reading<long> Size(long min, long max) => new(
        $"a number of bytes from {ShownSize(min)} to {ShownSize(max)}, such as 512KiB",
        (HoconValue value, out long bytes) => HoconUnits.TrySize(value, out bytes) && bytes >= min && bytes <= max);

    /// <summary>A part of a whole.</summary>
    public static Reading<double> Fraction(double min, double max) => Fraction(new FractionRange(min, max));

    /// <inheritdoc cref="Fraction(double, double)"/>
    public static Reading<double> Fraction(FractionRange range) => new(
        range.Allowed, (HoconValue value, out double fraction) => HoconUnits.TryFraction(value, out fraction) && range.Has(fraction));

    public static Reading<T> Choice<T>(params (string Word, T Meaning)[] choices)
    {
        var byWord = choices.ToFrozenDictionary(c => c.Word, c => c.Meaning, StringComparer.Ordinal);
        return new(
            string.Join(" or ", choices.Select(c => c.Word)),
            (HoconValue value, out T meaning) => byWord.TryGetValue(TextOf(value) ?? "", out meaning!));
    }

    public static Reading<string> Text(string allowed, Func<string, bool> sound) => new(allowed, (HoconValue value, out string text) =>
    {
        text = TextOf(value) ?? "";
        return TextOf(value) is not null && sound(text);
    });

    static Reading<string> Text(TextRule rule) => Text(rule.Allowed, rule.Has);

    public static readonly Reading<string> Folder = Text("the name of a folder", t => t.Trim().Length > 0);

    public static readonly Reading<string> Name = Text(Texts.Name);

    public static readonly Reading<string> NameOrNothing = Text("a name, or \"\" for the host's own", t => t.Length == 0 || Texts.Name.Has(t));

    public static readonly Reading<string> Label = Text(Texts.Label);

    public static readonly Reading<string> Zone = Text(Texts.Zone);

    public static readonly Reading<string> UrlPath = Text(Texts.UrlPath);

    public static readonly Reading<IPEndPoint> Endpoint = EndpointThat(
        _ => true, "an address and a port in quotes, such as \"127.0.0.1:7400\" or \"[::1]:7400\"");

    /// <summary>Where others connect to: port 0 makes no sense here. To a listener it means any free port.</summary>
    public static readonly Reading<IPEndPoint> Target = EndpointThat(
        at => at.Port > 0, "an address and a port from 1 to 65535 in quotes, such as \"127.0.0.1:7400\"");

    /// <summary>Where nodes link to a coordinator; <c>ws</c> where no transport is named.</summary>
    public static readonly Reading<LinkAddress> Link = new(
        LinkAddress.Allowed,
        (HoconValue value, out LinkAddress address) => LinkAddress.TryParse(TextOf(value) ?? "", LinkTransport.Ws, out address!));

    /// <summary>Where a real server listens.</summary>
    public static readonly Reading<IPEndPoint> HostAndPort = EndpointThat(Texts.IsHostAndPort, Texts.HostAndPort);

    /// <summary><see cref="AreHosts"/> checks whether hosts can have them.</summary>
    public static readonly Reading<AddressRange> Addresses = new(
        "an address, a range such as \"10.0.0.1-10.0.0.20\" or a network such as \"10.0.0.0/24\", in quotes",
        (HoconValue value, out AddressRange range) => AddressRange.TryParse(TextOf(value), out range));

    /// <summary>Reports addresses that no host can have; false where there are any.</summary>
    public static bool AreHosts(ConfigReader reader, string key, IEnumerable<AddressRange> ranges)
    {
        var others = ranges.Where(range => range.First.Value is not null && !Texts.AreHosts(range.First, range.Last)).ToList();
        foreach (var range in others)
            reader.Report(key, range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}", Texts.Host);
        return others.Count == 0;
    }

    public static readonly Reading<Prefix> Prefix = new(
        "a network such as \"10.1.0.0/16\" or \"2001:db8::/32\", in quotes, with no bits set behind the prefix",
        (HoconValue value, out Prefix prefix) => Model.Prefix.TryParse(TextOf(value), out prefix));

    public static readonly Reading<bool> Switch = Choice(("on", true), ("off", false), ("true", true), ("false", false));

    /// <summary>The record itself is checked where records are read.</summary>
    public static readonly Reading<string> RecordLine = Text(
        "a record as in a zone file: name, TTL, type, data, such as \"www 5m CNAME web\"",
        t => t.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 4);

    static Reading<IPEndPoint> EndpointThat(Func<IPEndPoint, bool> sound, string allowed) => new(
        allowed, (HoconValue value, out IPEndPoint endpoint) => Texts.TryEndpoint(TextOf(value) ?? "", out endpoint) && sound(endpoint));

    /// <summary>Strings, and numbers and booleans as text; null and the rest are not text (HOCON, "Automatic type conversions").</summary>
    static string? TextOf(HoconValue value) =>
        value is HoconValue.String or HoconValue.Number or HoconValue.Boolean ? HoconPieces.TextOf(value) : null;

    static string ShownSize(long bytes) => bytes switch
    {
        _ when bytes % (1 << 20) == 0 => $"{bytes >> 20}MiB",
        _ when bytes % (1 << 10) == 0 => $"{bytes >> 10}KiB",
        _ => $"{bytes}",
    };
}
