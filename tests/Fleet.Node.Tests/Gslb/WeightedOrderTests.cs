using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

public class WeightedOrderTests
{
    /// <summary>Critical values of the chi-square distribution at p = 0.01 for 1 to 19 degrees of freedom.</summary>
    private static readonly double[] Critical =
        [6.63, 9.21, 11.34, 13.28, 15.09, 16.81, 18.48, 20.09, 21.67, 23.21, 24.72, 26.22, 27.69, 29.14, 30.58, 32.00, 33.41, 34.81, 36.19];

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 2, 3, 4, 5)]
    [InlineData(255, 1, 128)]
    [InlineData(10, 0, 30)]
    public void The_first_place_follows_the_weights(params int[] weights)
    {
        const int Draws = 200_000;
        var order = new WeightedOrder([.. weights]);
        var random = new Xorshift(7);
        var seen = new int[weights.Length];
        var picks = new int[1];
        for (var i = 0; i < Draws; i++)
        {
            order.Pick(ref random, picks).ShouldBe(1);
            seen[picks[0]]++;
        }

        double sum = weights.Sum();
        ChiSquareAccepts(seen, weights.Select(weight => Draws * weight / sum)).ShouldBeTrue(string.Join(' ', seen));
    }

    [Fact]
    public void Whole_orders_follow_successive_drawing()
    {
        const int Draws = 200_000;
        int[] weights = [1, 2, 6];
        var order = new WeightedOrder([.. weights]);
        var random = new Xorshift(11);
        var seen = new int[6];
        var picks = new int[3];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (var i = 0; i < Draws; i++)
        {
            order.Pick(ref random, picks).ShouldBe(3);
            seen[Array.FindIndex(orders, picks.SequenceEqual)]++;
        }

        var expected = orders.Select(o => Draws * (weights[o[0]] / 9.0) * (weights[o[1]] / (9.0 - weights[o[0]])));
        ChiSquareAccepts(seen, expected).ShouldBeTrue(string.Join(' ', seen));
    }

    [Fact]
    public void Every_candidate_is_drawn_once_even_beside_a_giant()
    {
        int[] weights = [int.MaxValue, .. Enumerable.Repeat(1, 19)];
        var order = new WeightedOrder([.. weights]);
        var random = new Xorshift(3);
        var picks = new int[64];
        for (var i = 0; i < 1000; i++)
        {
            order.Pick(ref random, picks).ShouldBe(20);
            picks[..20].Order().ShouldBe(Enumerable.Range(0, 20));
        }
    }

    [Fact]
    public void Who_weighs_nothing_is_drawn_only_when_nobody_weighs_anything()
    {
        var random = new Xorshift(5);
        var picks = new int[4];
        new WeightedOrder([0, 5, 0]).Pick(ref random, picks).ShouldBe(1);
        picks[0].ShouldBe(1);
        new WeightedOrder([0, 0, 0]).Pick(ref random, picks).ShouldBe(3);
        new WeightedOrder([]).Pick(ref random, picks).ShouldBe(0);
    }

    [Fact]
    public void Answers_hold_at_most_answers_max_different_addresses_in_the_proportion_of_weights()
    {
        Candidate[] candidates = [.. Enumerable.Range(1, 20).Select(i => new Candidate(new IPAddress([198, 51, 100, (byte)i]), i))];
        var zone = Snapshot(new BalancedName(Name("s3.fleet.test"), 0, 3, [.. candidates]));
        var query = Query("s3.fleet.test", DnsType.A);
        var answer = new byte[512];
        var lane = new Lane(13);
        var first = new int[20];
        const int Draws = 1_000_000;
        for (var i = 0; i < Draws; i++)
        {
            var length = Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], false, Born), lane);
            (var a, var b, var c) = (answer[query.Length + 15], answer[query.Length + 31], answer[query.Length + 47]);
            if (length != query.Length + (3 * 16) || a == b || b == c || a == c)
                Assert.Fail($"draw {i}: {Convert.ToHexString(answer.AsSpan(0, length))}");
            first[a - 1]++;
        }

        ChiSquareAccepts(first, candidates.Select(candidate => Draws * candidate.Weight / 210.0)).ShouldBeTrue(string.Join(' ', first));
    }

    [Fact]
    public void The_seed_decides_the_order()
    {
        var zone = Usual();
        var once = Lines(Ask(zone, "many.fleet.test", DnsType.A, overTcp: true, seed: 9).Answers);
        Lines(Ask(zone, "many.fleet.test", DnsType.A, overTcp: true, seed: 9).Answers).ShouldBe(once);
        Lines(Ask(zone, "many.fleet.test", DnsType.A, overTcp: true, seed: 10).Answers).ShouldNotBe(once);
    }

    private static bool ChiSquareAccepts(int[] seen, IEnumerable<double> expected)
    {
        double statistic = 0;
        var degrees = -1;
        foreach ((var count, var wanted) in seen.Zip(expected))
        {
            if (wanted == 0)
            {
                if (count > 0)
                    return false;
                continue;
            }

            statistic += (count - wanted) * (count - wanted) / wanted;
            degrees++;
        }

        return statistic < Critical[degrees - 1];
    }
}
