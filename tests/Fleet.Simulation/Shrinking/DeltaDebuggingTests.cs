using System.Collections.Immutable;

namespace Fleet.Simulation.Shrinking;

public sealed class DeltaDebuggingTests
{
    [Fact]
    public void What_is_needed_is_found_and_nothing_else()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var chance = new Random(seed);
            var items = Enumerable.Range(0, chance.Next(0, 60)).ToImmutableArray();
            var needed = items.Where(_ => chance.Next(8) == 0).ToArray();
            Minimum(items, list => needed.All(list.Contains)).ShouldBe(needed);
        }
    }

    /// <summary>The example of the paper: 1, 7 and 8 of eight.</summary>
    [Fact]
    public void Three_of_eight_are_found_in_few_trials()
    {
        var trials = 0;
        Minimum([.. Enumerable.Range(1, 8)], list =>
        {
            trials++;
            return list.Contains(1) && list.Contains(7) && list.Contains(8);
        }).ShouldBe([1, 7, 8]);
        trials.ShouldBeLessThan(60);
    }

    /// <summary>Whatever the law is like: no single item more can go, and it fails.</summary>
    [Fact]
    public void Result_fails_and_no_item_of_it_can_be_left_out()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var items = Enumerable.Range(0, 12).ToImmutableArray();
            var salt = seed * 7919;
            bool Fails(ImmutableArray<int> list) => list.Length == items.Length || (list.Sum(i => 1 << i) * 31 + salt) % 5 == 0;
            var minimum = Minimum(items, Fails);
            Fails(minimum).ShouldBeTrue();
            foreach (var item in minimum)
                Fails(minimum.Remove(item)).ShouldBeFalse();
        }
    }

    [Fact]
    public void What_fails_without_anything_needs_nothing() => Minimum([1, 2, 3], _ => true).ShouldBeEmpty();

    private static ImmutableArray<int> Minimum(ImmutableArray<int> items, Func<ImmutableArray<int>, bool> fails) =>
        DeltaDebugging.Minimum(items, lists => lists.Index().Where(l => fails(l.Item)).Select(l => (int?)l.Index).FirstOrDefault());
}
