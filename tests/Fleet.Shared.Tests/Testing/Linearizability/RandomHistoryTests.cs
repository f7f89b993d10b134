using System.Diagnostics;
using Fleet.Testing.Linearizability;

namespace Fleet.Shared.Tests.Testing.Linearizability;

/// <summary>The histories are the same in every run: a failure names the seed of its own.</summary>
public sealed class RandomHistoryTests
{
    private const int Histories = 300;

    [Fact]
    public void Whatever_a_fleet_can_have_done_is_right()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = Make(seed, out _);
            var result = HistoryChecker.Check(history);
            result.IsRight.ShouldBeTrue($"seed {seed}, {history.Calls.Length} calls: {result}");
        }
    }

    [Fact]
    public void Whatever_it_cannot_have_done_is_wrong()
    {
        foreach (var (name, corrupt) in Corruption.Kinds)
        {
            var tried = 0;
            for (var seed = 0; seed < Histories / 3; seed++)
            {
                if (corrupt(Make(seed, out var chance), chance) is not { } corrupted)
                    continue;
                tried++;
                HistoryChecker.Check(corrupted).ShouldBeOfType<CheckResult.Wrong>($"seed {seed}: {name}");
            }

            tried.ShouldBeGreaterThan(20, name);
        }
    }

    /// <summary>
    /// Small histories, most of them broken somehow: the checker says of each what trying every order says. Unknown changes are to one thing: see
    /// the checker's limit.
    /// </summary>
    [Fact]
    public void Every_order_says_the_same()
    {
        var (right, wrong) = (0, 0);
        for (var seed = 0; seed < Histories * 10; seed++)
        {
            var chance = new Random(seed);
            var history = RandomFleet.Play(chance, chance.Next(4, 10), operators: 3, services: chance.Next(1, 3), words: chance.Next(2, 4));
            for (var changes = chance.Next(1, 6); changes > 0; changes--)
                history = Corruption.Anyhow(history, chance);
            if (history.Calls.Where(call => call.IsOpen).Select(call => ((Operation.Change)call.Operation).Item).Distinct().Count() > 1)
                continue;
            var expected = EveryOrder.Explains(history);
            var result = HistoryChecker.Check(history);
            result.IsRight.ShouldBe(expected, $"seed {seed}: {result}\n{new Violation("All of it:", null, history.Calls)}");
            (right, wrong) = (right + (expected ? 1 : 0), wrong + (expected ? 0 : 1));
        }

        right.ShouldBeGreaterThan(Histories);
        wrong.ShouldBeGreaterThan(Histories);
    }

    [Fact]
    public void Explanations_are_short()
    {
        var lengths = Enumerable.Range(0, 20)
            .Select(seed => Corruption.Kinds[1].Of(RandomFleet.Play(new Random(seed), 300), new Random(seed)))
            .OfType<History>()
            .Select(corrupted => ((CheckResult.Wrong)HistoryChecker.Check(corrupted)).Violation.Calls.Length)
            .ToArray();
        lengths.Length.ShouldBeGreaterThan(10);
        lengths.Max().ShouldBeLessThan(8);
    }

    /// <summary>In the shortest of five times: the machine may be busy.</summary>
    [Fact]
    public void Thousand_calls_of_five_operators_are_decided_within_a_second()
    {
        var history = RandomFleet.Play(new Random(1), 1000);
        var shortest = Enumerable.Range(0, 5).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            HistoryChecker.Check(history).ShouldBeOfType<CheckResult.Right>().Steps.ShouldBeLessThan(HistoryChecker.StepsMax / 100);
            return watch.Elapsed;
        });
        shortest.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Steps_that_run_out_decide_nothing()
    {
        var history = RandomFleet.Play(new Random(3), 100);
        HistoryChecker.Check(history, stepsMax: 10).ShouldBeOfType<CheckResult.Undecided>().Why.ShouldContain("10 steps did not suffice");
        HistoryChecker.Check(history, stepsMax: 10).IsRight.ShouldBeFalse();
    }

    private static History Make(int seed, out Random chance)
    {
        chance = new Random(seed);
        return RandomFleet.Play(chance, chance.Next(20, 120), chance.Next(1, 7), chance.Next(1, 6));
    }
}
