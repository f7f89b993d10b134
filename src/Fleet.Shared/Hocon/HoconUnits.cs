using System.Collections.Frozen;
using System.Globalization;

namespace Fleet.Shared.Hocon;

/// <summary>
/// Numbers with units (HOCON, "Units format"): a number, optional blanks, an optional unit; without one the family's default unit holds.
/// Units are case sensitive, as the specification lists them; rates and percentages are Fleet's own, in the same manner.
/// </summary>
public static class HoconUnits
{
    static readonly FrozenDictionary<string, decimal> DurationTicks = Table(
        ("ns,nano,nanos,nanosecond,nanoseconds", 0.01m),
        ("us,micro,micros,microsecond,microseconds", TimeSpan.TicksPerMicrosecond),
        (",ms,milli,millis,millisecond,milliseconds", TimeSpan.TicksPerMillisecond),
        ("s,second,seconds", TimeSpan.TicksPerSecond),
        ("m,minute,minutes", TimeSpan.TicksPerMinute),
        ("h,hour,hours", TimeSpan.TicksPerHour),
        ("d,day,days", TimeSpan.TicksPerDay));

    static readonly FrozenDictionary<string, decimal> SizeBytes = Sizes();

    static readonly FrozenDictionary<string, decimal> RateBps = Table(
        (",bps,bit/s", 1),
        ("kbps,kbit/s,Kbps,Kbit/s", 1e3m),
        ("Mbps,Mbit/s", 1e6m),
        ("Gbps,Gbit/s", 1e9m),
        ("Tbps,Tbit/s", 1e12m),
        ("Pbps,Pbit/s", 1e15m));

    /// <summary>`100ms`, `1.5 s`, `2 minutes`; a bare number is milliseconds. Below 100 ns it is cut.</summary>
    public static bool TryDuration(HoconValue value, out TimeSpan duration)
    {
        var sound = TryScaled(value, DurationTicks, out var ticks);
        duration = new TimeSpan(ticks);
        return sound;
    }

    /// <summary>Bytes: `512K` and `512KiB` are powers of 1024, `512kB` of 1000; a bare number is bytes.</summary>
    public static bool TrySize(HoconValue value, out long bytes) => TryScaled(value, SizeBytes, out bytes);

    /// <summary>Bit/s in powers of 1000: `88Gbps`, `1.5 Tbit/s`; a bare number is bit/s.</summary>
    public static bool TryRate(HoconValue value, out long bps) => TryScaled(value, RateBps, out bps);

    /// <summary>`5%` and `0.05` are the same part of a whole.</summary>
    public static bool TryFraction(HoconValue value, out double fraction)
    {
        fraction = 0;
        if (!TrySplit(value, out var number, out var unit) || unit is not ("" or "%"))
            return false;
        fraction = (double)(unit == "%" ? number / 100 : number);
        return true;
    }

    /// <summary>A whole number, also from a string (HOCON, "Automatic type conversions"), also `1e3` and `1.0`.</summary>
    public static bool TryWhole(HoconValue value, out long whole)
    {
        whole = 0;
        return TrySplit(value, out var number, out var unit) && unit.Length == 0 && decimal.IsInteger(number) && TryFit(number, out whole);
    }

    static bool TryScaled(HoconValue value, FrozenDictionary<string, decimal> units, out long scaled)
    {
        scaled = 0;
        if (!TrySplit(value, out var number, out var unit) || !units.TryGetValue(unit, out var factor))
            return false;
        // Beyond this the product could overflow a decimal; beyond long it is refused anyway.
        return Math.Abs(number) <= decimal.MaxValue / 1e15m / Math.Max(factor, 1) * 1e15m && TryFit(decimal.Truncate(number * factor), out scaled);
    }

    static bool TryFit(decimal number, out long fitted)
    {
        var fits = number is >= long.MinValue and <= long.MaxValue;
        fitted = fits ? (long)number : 0;
        return fits;
    }

    static bool TrySplit(HoconValue value, out decimal number, out string unit)
    {
        var text = value switch
        {
            HoconValue.Number n => n.Text,
            HoconValue.String s => s.Text.Trim(),
            _ => "",
        };
        // The longest beginning that is a number: an `e` may begin an exponent or a unit.
        for (var end = text.Length; end > 0; end--)
        {
            if (!char.IsAsciiDigit(text[end - 1]) || HoconPieces.Classify(text[..end], value.Origin) is not HoconValue.Number)
                continue;
            unit = text[end..].Trim();
            return decimal.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        }
        (number, unit) = (0, "");
        return false;
    }

    static FrozenDictionary<string, decimal> Sizes()
    {
        var rows = new List<(string, decimal)> { (",B,b,byte,bytes", 1) };
        string[] metric = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
        string[] binary = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];
        var (thousands, powers) = (1m, 1m);
        for (var i = 0; i < metric.Length; i++)
        {
            (thousands, powers) = (thousands * 1000, powers * 1024);
            var letter = char.ToUpperInvariant(metric[i][0]);
            rows.Add(($"{(i == 0 ? 'k' : letter)}B,{metric[i]}byte,{metric[i]}bytes", thousands));
            rows.Add(($"{letter},{metric[i][0]},{letter}i,{letter}iB,{binary[i]}byte,{binary[i]}bytes", powers));
        }
        return Table([.. rows]);
    }

    static FrozenDictionary<string, decimal> Table(params (string Names, decimal Factor)[] rows) =>
        rows.SelectMany(r => r.Names.Split(',').Select(n => KeyValuePair.Create(n, r.Factor))).ToFrozenDictionary(StringComparer.Ordinal);
}
