using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;

namespace Fleet.Shared.Config;

/// <summary>The kinds of setting that Fleet has.</summary>
public static class Readings
{
    public static Reading<TimeSpan> Duration(TimeSpan min, TimeSpan max) => new(
        $"a duration from {Shown(min)} to {Shown(max)}",
        (HoconValue value, out TimeSpan duration) => HoconUnits.TryDuration(value, out duration) && duration >= min && duration <= max);

    /// <summary>A duration as milliseconds; fractions of one are cut.</summary>
    public static Reading<int> Milliseconds(TimeSpan min, TimeSpan max)
    {
        var duration = Duration(min, max);
        return new(duration.Allowed, (HoconValue value, out int milliseconds) =>
        {
            var sound = duration.Try(value, out var span);
            milliseconds = sound ? (int)span.TotalMilliseconds : 0;
            return sound;
        });
    }

    /// <summary>A duration as seconds, for what DNS counts in seconds; fractions are refused, so that `ttl = 5` (5 ms in HOCON) is not taken for 0.</summary>
    public static Reading<int> Seconds(int min, int max) => new(
        $"a duration from {Shown(TimeSpan.FromSeconds(min))} to {Shown(TimeSpan.FromSeconds(max))}, in whole seconds",
        (HoconValue value, out int seconds) =>
        {
            var sound = HoconUnits.TryDuration(value, out var span) && span.Ticks % TimeSpan.TicksPerSecond == 0 && span.TotalSeconds >= min && span.TotalSeconds <= max;
            seconds = sound ? (int)span.TotalSeconds : 0;
            return sound;
        });

    public static Reading<int> Whole(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (HoconValue value, out int number) =>
        {
            var sound = HoconUnits.TryWhole(value, out var whole) && whole >= min && whole <= max;
            number = sound ? (int)whole : 0;
            return sound;
        });

    /// <summary>Bit/s.</summary>
    public static Reading<long> Rate(long min, long max) => new(
        $"a rate from {ShownRate(min)} to {ShownRate(max)}, such as 800Mbps or 1.5 Tbit/s",
        (HoconValue value, out long bps) => HoconUnits.TryRate(value, out bps) && bps >= min && bps <= max);

    /// <summary>Bytes.</summary>
    public static Reading<long> Size(long min, long max) => new(
        $"a number of bytes from {ShownSize(min)} to {ShownSize(max)}, such as 512KiB",
        (HoconValue value, out long bytes) => HoconUnits.TrySize(value, out bytes) && bytes >= min && bytes <= max);

    /// <summary>A part of a whole.</summary>
    public static Reading<double> Fraction(double min, double max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a percentage from {min * 100:0.##}% to {max * 100:0.##}%, or the fraction it stands for"),
        (HoconValue value, out double fraction) => HoconUnits.TryFraction(value, out fraction) && fraction >= min && fraction <= max);

    public static Reading<T> Choice<T>(params (string Word, T Meaning)[] choices)
    {
        var byWord = choices.ToFrozenDictionary(c => c.Word, c => c.Meaning, StringComparer.Ordinal);
        return new(string.Join(" or ", choices.Select(c => c.Word)), (HoconValue value, out T meaning) => byWord.TryGetValue(TextOf(value) ?? "", out meaning!));
    }

    public static Reading<string> Text(string allowed, Func<string, bool> sound) => new(allowed, (HoconValue value, out string text) =>
    {
        text = TextOf(value) ?? "";
        return TextOf(value) is not null && sound(text);
    });

    public static readonly Reading<string> Folder = Text("the name of a folder", t => t.Trim().Length > 0);

    /// <summary>Nodes, sites, domains: one word that fits a table, a log line and a file name.</summary>
    public static readonly Reading<string> Name = Text("a name of up to 63 letters, digits, '-', '_' or '.', with a letter or digit first", IsName);

    public static readonly Reading<string> NameOrNothing = Text("a name, or \"\" for the host's own", t => t.Length == 0 || IsName(t));

    /// <summary>What may stand between dots in DNS (RFC 1123, section 2.1).</summary>
    public static readonly Reading<string> Label = Text("a DNS label: up to 63 letters, digits or '-', none of them '-' at an end", IsLabel);

    public static readonly Reading<string> Zone = Text("a DNS name without a dot at its end, such as fleet.internal", t => t.Length <= 200 && t.Split('.').All(IsLabel));

    public static readonly Reading<string> UrlPath = Text("a path that begins with /, without blanks", t => t.StartsWith('/') && !t.Any(c => c <= ' ' || c > '~'));

    public static readonly Reading<IPEndPoint> Endpoint = EndpointFrom(0, "an address and a port in quotes, such as \"127.0.0.1:7400\" or \"[::1]:7400\"");

    /// <summary>Where others connect to: port 0, which means any free one to a listener, makes no sense.</summary>
    public static readonly Reading<IPEndPoint> Target = EndpointFrom(1, "an address and a port from 1 to 65535 in quotes, such as \"127.0.0.1:7400\"");

    public static readonly Reading<AddressRange> Addresses = new(
        "an address, a range such as \"10.0.0.1-10.0.0.20\" or a network such as \"10.0.0.0/24\", in quotes",
        (HoconValue value, out AddressRange range) => AddressRange.TryParse(TextOf(value), out range));

    public static readonly Reading<Prefix> Prefix = new(
        "a network such as \"10.1.0.0/16\" or \"2001:db8::/32\", in quotes, with no bits set behind the prefix",
        (HoconValue value, out Prefix prefix) => Model.Prefix.TryParse(TextOf(value), out prefix));

    public static readonly Reading<bool> Switch = Choice(("on", true), ("off", false), ("true", true), ("false", false));

    /// <summary>Whether the record itself makes sense is looked at where records are read.</summary>
    public static readonly Reading<string> RecordLine = Text(
        "a record as in a zone file: name, TTL, type, data, such as \"www 5m CNAME web\"", t => t.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 4);

    static Reading<IPEndPoint> EndpointFrom(int portMin, string allowed) => new(allowed, (HoconValue value, out IPEndPoint endpoint) =>
    {
        endpoint = new IPEndPoint(IPAddress.Any, 0);
        var text = TextOf(value) ?? "";
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port < portMin)
            return false;
        var host = text[..colon];
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!VipAddress.TryParse(bracketed ? host[1..^1] : host, out var address) || bracketed != (address.Value.AddressFamily == AddressFamily.InterNetworkV6))
            return false;
        endpoint = new IPEndPoint(address.Value, port);
        return true;
    });

    /// <summary>Strings, and numbers and booleans as text; null and the rest are no text (HOCON, "Automatic type conversions").</summary>
    static string? TextOf(HoconValue value) => value is HoconValue.String or HoconValue.Number or HoconValue.Boolean ? HoconPieces.TextOf(value) : null;

    static bool IsName(string text) =>
        text.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    static string Shown(TimeSpan span) => span switch
    {
        { Ticks: 0 } => "0s",
        _ when span.Ticks % TimeSpan.TicksPerDay == 0 => $"{span.TotalDays}d",
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{span.TotalHours}h",
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{span.TotalMinutes}m",
        _ when span.Ticks % TimeSpan.TicksPerSecond == 0 => $"{span.TotalSeconds}s",
        _ => $"{span.TotalMilliseconds}ms",
    };

    static string ShownSize(long bytes) => bytes switch
    {
        _ when bytes % (1 << 20) == 0 => $"{bytes >> 20}MiB",
        _ when bytes % (1 << 10) == 0 => $"{bytes >> 10}KiB",
        _ => $"{bytes}",
    };

    static string ShownRate(long bps)
    {
        string[] units = ["bps", "kbps", "Mbps", "Gbps", "Tbps", "Pbps"];
        var unit = 0;
        for (; bps != 0 && bps % 1000 == 0 && unit < units.Length - 1; unit++)
            bps /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bps}{units[unit]}");
    }
}
