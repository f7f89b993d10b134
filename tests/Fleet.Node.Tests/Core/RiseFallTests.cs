using Fleet.Node.Core;
using Fleet.Shared.Map;

namespace Fleet.Node.Tests.Core;

public sealed class RiseFallTests
{
    /// <summary>Probes are <c>+</c> good and <c>-</c> bad; verdicts after each are <c>?</c>, <c>u</c> and <c>d</c>.</summary>
    [Theory]
    [InlineData("++", "?u")]
    [InlineData("---", "??d")]
    [InlineData("+-+-+-", "??????")]
    [InlineData("--++", "???u")]
    [InlineData("++--+---", "?uuuuuud")]
    [InlineData("---+-++", "??ddddu")]
    [InlineData("++----++", "?uuudddu")]
    public void Two_good_in_a_row_bring_it_up_and_three_bad_in_a_row_take_it_down(string probes, string verdicts)
    {
        var state = RiseFall.Unknown;
        var seen = "";
        foreach (var probe in probes)
        {
            state = state.After(probe == '+', rise: 2, fall: 3);
            seen += state.Verdict switch { Verdict.Up => 'u', Verdict.Down => 'd', _ => '?' };
        }

        seen.ShouldBe(verdicts);
    }

    [Fact]
    public void Counts_below_one_mean_one()
    {
        RiseFall.Unknown.After(good: true, rise: 0, fall: 0).Verdict.ShouldBe(Verdict.Up);
        RiseFall.Unknown.After(good: false, rise: 0, fall: 0).Verdict.ShouldBe(Verdict.Down);
    }
}
