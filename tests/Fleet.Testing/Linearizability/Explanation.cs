
namespace Fleet.Testing.Linearizability;

/// <summary>
/// Leaves out of a wrong history everything without which it is still wrong. Every step must make the history weaker: an answer that changed nothing
/// is left out, and an acknowledged change becomes one of unknown outcome. A history that is wrong then was wrong before.
/// </summary>
internal static class Explanation
{
    public static Violation Explain(ItemCalls item, Observation start, long stepsMax)
    {
        var budget = new StepBudget(stepsMax);
        bool IsWrong(ItemCalls calls) => calls.Search(start, budget).Found is false;

        // Bounds come from calls about other things. A history that is wrong without them is plainer without them.
        var unbound = item with { Answered = [.. item.Answered.Select(c => c.Unbound)], Open = [.. item.Open.Select(c => c.Unbound)] };
        var wrong = IsWrong(unbound) ? unbound : item;
        wrong = Shortest(wrong, IsWrong);
        var weakened = wrong;
        for (var size = Math.Max(1, wrong.Answered.Length / 2); ; size /= 2)
        {
            weakened = WithoutAny(weakened, size, IsWrong);
            if (size <= 1)
                break;
        }

        return Told(item, weakened, start, new StepBudget(stepsMax));
    }

    /// <summary>The history up to the earliest answer with which it is wrong.</summary>
    private static ItemCalls Shortest(ItemCalls wrong, Func<ItemCalls, bool> isWrong)
    {
        var ends = wrong.Answered.Select(c => c.Call.Returned).Order().ToArray();
        var (least, most) = (0, ends.Length - 1);
        while (least < most)
        {
            var middle = (least + most) / 2;
            if (isWrong(Until(wrong, ends[middle])))
                most = middle;
            else
                least = middle + 1;
        }

        var shortest = ends.Length == 0 ? wrong : Until(wrong, ends[most]);
        return isWrong(shortest) ? shortest : wrong;
    }

    private static ItemCalls Until(ItemCalls calls, Moment end) =>
        Weaken(calls with { Open = [.. calls.Open.Where(c => c.Call.Invoked < end)] }, [.. calls.Answered.Where(c => c.Call.Returned > end)]);

    /// <summary>Weakens <paramref name="size"/> answers at once, wherever the history stays wrong.</summary>
    private static ItemCalls WithoutAny(ItemCalls wrong, int size, Func<ItemCalls, bool> isWrong)
    {
        foreach (var chunk in wrong.Answered.Reverse().Chunk(size))
        {
            var weaker = Weaken(wrong, chunk);
            if (isWrong(weaker))
                wrong = weaker;
        }

        return wrong;
    }

    private static ItemCalls Weaken(ItemCalls calls, BoundedCall[] chunk)
    {
        var ids = chunk.Select(c => c.Call.Id).ToHashSet();
        var changed = chunk.Where(c => c.Call.Outcome.MadeVersion).ToArray();
        return calls with
        {
            Answered = calls.Answered.RemoveAll(c => ids.Contains(c.Call.Id)),
            Open = [.. calls.Open.Concat(changed.Select(Opened)).OrderBy(c => c.Call.Invoked)],
            Model = changed.Aggregate(calls.Model, (model, c) => model.Without(c.Call.Outcome.At!.Value.Revision)),
        };
    }

    private static BoundedCall Opened(BoundedCall change) =>
        change with { Call = change.Call with { Outcome = new Outcome.Unknown(), Returned = Moment.Never }, Ceiling = change.Unbound.Ceiling };

    /// <summary>What is left, as it was before it was weakened, and the changes that could have made what was read.</summary>
    private static Violation Told(ItemCalls whole, ItemCalls left, Observation start, StepBudget budget)
    {
        var item = whole.Item;
        var open = left.Answered.SelectMany(read => Makers(item, read.Call, left.Open, whole)).ToArray();
        var ids = left.Answered.Concat(open).Select(c => c.Call.Id).ToHashSet();
        var calls = whole.Answered.Concat(whole.Open).Select(c => c.Call).Where(call => ids.Contains(call.Id));
        var bounds = open.Select(c => c.FloorBy).OfType<Call>();
        var result = left.Search(start, budget);
        var order = result.Longest.IsEmpty
            ? "Already the first"
            : $"The longest order that does is {string.Join(", ", result.Longest.Select(call => $"#{call.Id}"))}; what follows";
        var (value, revision, isSeen) = result.Last;
        var state = isSeen ? $"{Violation.ValueOf(item, value)} at revision {revision}" : $"{item} is not known yet";
        return new Violation(
            $"No order of these calls explains what was answered about {item}.",
            item,
            [.. calls.Concat(bounds).DistinctBy(call => call.Id)],
            $"{order} does not fit: {state}.");
    }

    /// <summary>
    /// The changes of unknown outcome that write what was read; where there is none, the first call of any kind that writes it, which came too late.
    /// </summary>
    private static IEnumerable<BoundedCall> Makers(Item item, Call read, IEnumerable<BoundedCall> open, ItemCalls whole)
    {
        if (read.Outcome is not Outcome.Saw saw || !saw.Sight.TryValue(item, out var value) || value is null)
            return [];
        var makers = open.Where(c => Writes(c, value)).ToArray();
        return makers.Length > 0
            ? makers
            : whole.Open.Concat(whole.Answered).Where(c => Writes(c, value)).OrderBy(c => c.Call.Invoked).Take(1).Select(c => c.Unbound);
    }

    private static bool Writes(BoundedCall bounded, string value) => bounded.Call.Operation is Operation.Change change && change.Value == value;
}
