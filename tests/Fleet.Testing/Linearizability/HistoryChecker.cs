namespace Fleet.Testing.Linearizability;

/// <summary>
/// Says whether what operators were told can be explained by one fleet that did their changes one after the other, each at one moment between
/// asking and answer.
/// <para>
/// First the versions are compared, which needs no search. Then an order is searched for each thing (<see cref="OrderSearch"/>): linearizability is
/// local, as M. P. Herlihy and J. M. Wing have shown ("Linearizability: A Correctness Condition for Concurrent Objects", TOPLAS 12(3), 1990). A
/// look at the whole fleet is not about one thing; it is a look at each. Its version holds them together, because the orders of all things follow
/// one count of revisions. One fault is not found: two changes of unknown outcome, to different things, that can only have had the same revision.
/// </para>
/// </summary>
public static class HistoryChecker
{
    /// <summary>A hundred times what a thousand calls of five operators take.</summary>
    public const long StepsMax = 1_000_000;

    public static CheckResult Check(History history, long stepsMax = StepsMax)
    {
        var calls = BoundedCall.Bound(history);
        if (VersionCheck.Find(history, calls) is { } found)
            return new CheckResult.Wrong(found);
        var budget = new StepBudget(stepsMax);
        CheckResult? undecided = null;
        foreach (var item in ItemCalls.Group(history, calls))
        {
            var result = item.Search(history.Start, budget);
            if (result.Found is false)
                return new CheckResult.Wrong(Explanation.Explain(item, history.Start, stepsMax));
            if (result.Found is null)
            {
                var size = $"{item.Answered.Length} answers and {item.Open.Length} unknown outcomes";
                undecided ??= new CheckResult.Undecided($"Not decided: {item.Item} has {size}, and {stepsMax} steps did not suffice.");
            }
        }

        return undecided ?? new CheckResult.Right(budget.Taken);
    }
}
