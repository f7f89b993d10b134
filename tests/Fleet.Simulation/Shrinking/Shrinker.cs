using System.Collections.Immutable;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;

namespace Fleet.Simulation.Shrinking;

/// <summary>
/// Makes a plan that fails smaller for as long as the same law is broken: fewer faults, nodes and VIPs, plainer settings, a shorter time. The same
/// plan is never tried twice, and every candidate is smaller than what it was made from, so that it comes to an end. What it returns does not depend
/// on how many are played at once, unless it runs out of time.
/// </summary>
/// <param name="better">Told each smaller plan that fails.</param>
public sealed class Shrinker(ITrials trials, Action<Found>? better = null)
{
    /// <summary>
    /// Whoever leaves a fault out changes every throw of the dice after it, and with them the race that was lost. So what no longer fails with its
    /// own dice (none) is tried with some others, and when nothing comes of that, with many.
    /// </summary>
    private static readonly int[][] Dice = [[], [.. Enumerable.Range(1, 6)], [.. Enumerable.Range(7, 24)]];

    private static readonly Func<Found, IEnumerable<FaultPlan>>[] Reductions =
    [
        TimeReductions.EndAtFailure,
        WorldReductions.FewerNodes, WorldReductions.FewerServices, WorldReductions.FewerVips, WorldReductions.PlainerSettings,
        TimeReductions.ShorterQuiet, TimeReductions.ShorterGaps, TimeReductions.ShorterSpans, TimeReductions.RounderNumbers,
    ];

    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);

    /// <param name="found">A plan that is known to fail.</param>
    /// <returns>The smallest that was found; it fails.</returns>
    public Found Shrink(Found found)
    {
        _tried.Add(PlanText.Write(found.Plan));
        var best = found;
        for (var dice = 0; dice < Dice.Length && !trials.IsOver;)
        {
            var before = best;
            best = Round(best, Dice[dice]);
            dice = ReferenceEquals(best, before) ? dice + 1 : 0;
        }

        return best;
    }

    /// <summary>Everything that could be smaller, once.</summary>
    private Found Round(Found best, int[] seeds)
    {
        best = All(best, TimeReductions.EndAtFailure, seeds);
        best = All(best, WorldReductions.HalfTheNodes, seeds);
        best = FewerFaults(best, seeds);
        return Reductions.Aggregate(best, (smaller, reduction) => All(smaller, reduction, seeds));
    }

    private Found FewerFaults(Found best, int[] seeds)
    {
        DeltaDebugging.Minimum(best.Plan.Faults, lists =>
        {
            if (First(best.Failure.Name, [.. lists.Select(faults => best.Plan with { Faults = faults })], seeds) is not { } first)
                return null;
            best = first.Found;
            return first.Index;
        });
        return best;
    }

    /// <summary>The same again for as long as something comes of it.</summary>
    private Found All(Found best, Func<Found, IEnumerable<FaultPlan>> reduction, int[] seeds)
    {
        while (!trials.IsOver && First(best.Failure.Name, [.. reduction(best)], seeds) is { } first)
            best = first.Found;
        return best;
    }

    private (int Index, Found Found)? First(string name, ImmutableArray<FaultPlan> plans, int[] seeds)
    {
        var candidates = plans.SelectMany((plan, index) => With(plan, seeds).Select(candidate => (index, candidate)))
            .Where(c => _tried.Add(PlanText.Write(c.candidate))).ToArray();
        if (candidates.Length == 0 || trials.IsOver || trials.First([.. candidates.Select(c => c.candidate)], name) is not { } hit)
            return null;
        // Those after it were not tried, or to no purpose.
        foreach (var (_, candidate) in candidates[(hit.Index + 1)..])
            _tried.Remove(PlanText.Write(candidate));
        var (from, plan) = candidates[hit.Index];
        var found = new Found(plan, hit.Failure);
        better?.Invoke(found);
        return (from, found);
    }

    private static IEnumerable<FaultPlan> With(FaultPlan plan, int[] seeds) =>
        seeds.Length == 0 ? [plan] : seeds.Select(seed => plan with { Settings = plan.Settings with { Seed = seed } });
}
