using System.Globalization;
using Fleet.Shared.Hocon;

namespace Fleet.Shared.Tests.Hocon;

public sealed class HoconUnitsTests
{
    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("10ms", 10_000)]
    [InlineData("1.5 s", 1_500_000)]
    [InlineData(" 2 minutes ", 120_000_000)]
    [InlineData("1500ns", 1.5)]
    [InlineData("7us", 7)]
    [InlineData("1h", 3_600_000_000)]
    [InlineData("1d", 86_400_000_000)]
    [InlineData("-1s", -1_000_000)]
    [InlineData("1e3 millis", 1_000_000)]
    public void Durations_in_microseconds(string text, double micros)
    {
        HoconUnits.TryDuration(Text(text), out var duration).ShouldBeTrue();
        duration.TotalMicroseconds.ShouldBe(micros);
    }

    [Fact]
    public void Bare_number_is_milliseconds()
    {
        HoconUnits.TryDuration(new HoconValue.Number("250", default), out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromMilliseconds(250));
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10 bytes", 10)]
    [InlineData("10kB", 10_000)]
    [InlineData("10K", 10_240)]
    [InlineData("10 k", 10_240)]
    [InlineData("10KiB", 10_240)]
    [InlineData("1.5MiB", 1_572_864)]
    [InlineData("2 gigabytes", 2_000_000_000)]
    [InlineData("3Gi", 3_221_225_472)]
    [InlineData("1e", 1_152_921_504_606_846_976)]
    [InlineData("7EB", 7_000_000_000_000_000_000)]
    public void Sizes_in_bytes(string text, long bytes)
    {
        HoconUnits.TrySize(Text(text), out var size).ShouldBeTrue();
        size.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("88Gbps", 88_000_000_000)]
    [InlineData("1.5 Tbit/s", 1_500_000_000_000)]
    [InlineData("800Mbps", 800_000_000)]
    [InlineData("64 kbit/s", 64_000)]
    [InlineData("0bps", 0)]
    [InlineData("1200", 1200)]
    public void Rates_in_bit_per_second(string text, long expected)
    {
        HoconUnits.TryRate(Text(text), out var bps).ShouldBeTrue();
        bps.ShouldBe(expected);
    }

    [Theory]
    [InlineData("5%", 0.05)]
    [InlineData("0.05", 0.05)]
    [InlineData("100 %", 1)]
    [InlineData("2.5%", 0.025)]
    public void Fractions(string text, double expected)
    {
        HoconUnits.TryFraction(Text(text), out var fraction).ShouldBeTrue();
        fraction.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("10 Seconds")]
    [InlineData("10ms5")]
    [InlineData("ms")]
    [InlineData("1,5s")]
    [InlineData("1e400s")]
    [InlineData("99999999999999999999999d")]
    [InlineData("5%")]
    public void What_is_no_duration(string text) => HoconUnits.TryDuration(Text(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("88gbps")]
    [InlineData("88 Gb")]
    [InlineData("1 mbit/s")]
    [InlineData("99999999 Pbps")]
    public void What_is_no_rate(string text) => HoconUnits.TryRate(Text(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("16 ZB")]
    [InlineData("10 yobibytes")]
    [InlineData("9 EiB")]
    [InlineData("1KB")]
    public void Sizes_beyond_64_bits_and_unknown_units_are_refused(string text) => HoconUnits.TrySize(Text(text), out _).ShouldBeFalse();

    [Fact]
    public void Null_and_structures_have_no_unit()
    {
        HoconUnits.TryWhole(new HoconValue.Null(default), out _).ShouldBeFalse();
        HoconUnits.TryRate(new HoconValue.Array([], default), out _).ShouldBeFalse();
        HoconUnits.TryWhole(Text("1e3"), out var whole).ShouldBeTrue();
        whole.ToString(CultureInfo.InvariantCulture).ShouldBe("1000");
        HoconUnits.TryWhole(Text("1.5"), out _).ShouldBeFalse();
    }

    static HoconValue.String Text(string text) => new(text, default);
}
