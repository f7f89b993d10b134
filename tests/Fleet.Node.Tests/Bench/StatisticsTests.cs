using Fleet.Benchmarks.Dns.Load;

namespace Fleet.Node.Tests.Bench;

public sealed class StatisticsTests
{
    [Fact]
    public void The_99th_percentile_is_what_99_of_100_do_not_exceed()
    {
        var counts = new LatencyCounts();
        for (var micros = 1; micros <= 100; micros++)
            counts.Add(micros);

        counts.At(0.5).ShouldBe(50);
        counts.At(0.99).ShouldBe(99);
        counts.At(1).ShouldBe(100);
    }

    [Fact]
    public void What_took_longer_than_the_bound_counts_at_the_bound_and_nothing_is_negative()
    {
        var counts = new LatencyCounts();
        counts.Add(1e9);
        counts.Add(-3);

        counts.At(1).ShouldBe(100_000);
        counts.At(0.5).ShouldBe(0);
        counts.Clear();
        counts.At(0.99).ShouldBe(0);
    }

    [Fact]
    public void A_round_that_was_slow_for_both_servers_does_not_bend_their_ratio() =>
        Spread.OfRatios([300, 30, 330], [200, 20, 220]).ShouldBe(new Spread(1.5, 1.5, 1.5));

    [Fact]
    public void A_round_in_which_the_other_answered_nothing_has_no_ratio() =>
        Spread.OfRatios([300, 300, 300], [0, 200, 100]).ShouldBe(new Spread(3, 1.5, 3));
}
