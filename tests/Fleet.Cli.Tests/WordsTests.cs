using Fleet.Cli.Messages;

namespace Fleet.Cli.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 bit/s")]
    [InlineData(999, "999 bit/s")]
    [InlineData(999.6, "1 kbit/s")]
    [InlineData(1_234, "1.23 kbit/s")]
    [InlineData(83.9e6, "83.9 Mbit/s")]
    [InlineData(88e9, "88 Gbit/s")]
    [InlineData(999_960_000, "1 Gbit/s")]
    [InlineData(1.0004e12, "1 Tbit/s")]
    [InlineData(2.816e12, "2.82 Tbit/s")]
    public void Rate_has_three_digits(double bps, string text) => Words.Rate(bps).ShouldBe(text);

    [Theory]
    [InlineData(0.4, "0 ms")]
    [InlineData(12, "12 ms")]
    [InlineData(999.6, "1 s")]
    [InlineData(3_400, "3 s")]
    [InlineData(59_999, "59 s")]
    [InlineData(60_000, "1 min")]
    [InlineData(7_200_000, "2 h")]
    [InlineData(800_000_000, "9 d")]
    public void Age_is_in_its_largest_unit(double ms, string text) => Words.Age(ms).ShouldBe(text);
}
