using System.Collections.Immutable;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;

namespace Fleet.Simulation.Shrinking;

/// <summary>The same trouble in less time, and at rounder times. No time ever becomes longer.</summary>
public static class TimeReductions
{
    /// <summary>What saves less is not worth a try.</summary>
    private static readonly TimeSpan LeastSaved = TimeSpan.FromMilliseconds(100);

    private static readonly ImmutableArray<TimeSpan> Steps = Milliseconds(100, 1000, 3000);
    private static readonly ImmutableArray<TimeSpan> Units = Milliseconds(1000, 100, 10, 1);

    /// <summary>What comes after the failure has nothing to do with it.</summary>
    public static IEnumerable<FaultPlan> EndAtFailure(Found found)
    {
        var end = Floor(found.Failure.At, LeastSaved) + LeastSaved;
        return end < found.Plan.Quiet ? [found.Plan with { Faults = [.. found.Plan.Faults.Where(f => f.At <= found.Failure.At)], Quiet = end }] : [];
    }

    public static IEnumerable<FaultPlan> ShorterQuiet(Found found)
    {
        var last = found.Plan.Faults.Select(f => f.At).Append(TimeSpan.Zero).Max();
        return Shorter(found.Plan.Quiet - last).Select(left => found.Plan with { Quiet = last + left });
    }

    /// <summary>All pauses between two faults at once, then each.</summary>
    public static IEnumerable<FaultPlan> ShorterGaps(Found found)
    {
        var plan = found.Plan;
        var ats = plan.Faults.Select(f => f.At).ToArray();
        var gaps = ats.Zip(ats.Prepend(TimeSpan.Zero), (at, before) => at - before).ToImmutableArray();
        foreach (var most in Steps)
        {
            var all = gaps.Select(gap => gap < most ? gap : most).ToImmutableArray();
            if (Sum(gaps) - Sum(all) >= LeastSaved)
                yield return WithGaps(plan, all);
        }

        for (var i = 0; i < gaps.Length; i++)
        {
            foreach (var gap in Shorter(gaps[i]))
                yield return WithGaps(plan, gaps.SetItem(i, gap));
        }
    }

    /// <summary>How long a fault lasts.</summary>
    public static IEnumerable<FaultPlan> ShorterSpans(Found found) =>
        from i in Enumerable.Range(0, found.Plan.Faults.Length)
        let fault = found.Plan.Faults[i]
        from part in FaultForm.Parts(fault)
        where part.Value is TimeSpan
        from span in Shorter((TimeSpan)part.Value!)
        select found.Plan with { Faults = found.Plan.Faults.SetItem(i, FaultForm.With(fault, fault.At, p => p.Name == part.Name ? span : p.Value)) };

    /// <summary>All numbers at once, then those of each fault, then the end; the roundest first.</summary>
    public static IEnumerable<FaultPlan> RounderNumbers(Found found)
    {
        var plan = found.Plan;
        foreach (var unit in Units)
            yield return WithRounderEnd(plan with { Faults = [.. plan.Faults.Select(f => Round(f, unit)).OrderBy(f => f.At)] }, unit);
        for (var i = 0; i < plan.Faults.Length; i++)
        {
            foreach (var unit in Units)
                yield return plan with { Faults = [.. plan.Faults.SetItem(i, Round(plan.Faults[i], unit)).OrderBy(f => f.At)] };
        }

        foreach (var unit in Units)
            yield return WithRounderEnd(plan, unit);
    }

    private static ImmutableArray<TimeSpan> Milliseconds(params IEnumerable<int> numbers) =>
        [.. numbers.Select(number => TimeSpan.FromMilliseconds(number))];

    private static IEnumerable<TimeSpan> Shorter(TimeSpan span) =>
        ((IEnumerable<TimeSpan>)[.. Steps, span / 2]).Where(shorter => span - shorter >= LeastSaved);

    private static FaultPlan WithGaps(FaultPlan plan, ImmutableArray<TimeSpan> gaps)
    {
        var at = TimeSpan.Zero;
        var faults = plan.Faults.Zip(gaps, (fault, gap) => fault with { At = at += gap }).ToImmutableArray();
        return plan with { Faults = faults, Quiet = plan.Quiet - plan.Faults[^1].At + at };
    }

    private static Fault Round(Fault fault, TimeSpan unit) => FaultForm.With(fault, Floor(fault.At, unit), p => p.Value switch
    {
        TimeSpan span when span >= unit => Floor(span, unit),
        double part when part >= unit.TotalSeconds && unit.TotalSeconds < 1 => Floor(part, unit.TotalSeconds),
        var other => other,
    });

    /// <summary>The end stays behind the last fault, and is never at once.</summary>
    private static FaultPlan WithRounderEnd(FaultPlan plan, TimeSpan unit)
    {
        var end = Floor(plan.Quiet, unit);
        return end > TimeSpan.Zero && plan.Faults.All(f => f.At <= end) ? plan with { Quiet = end } : plan;
    }

    private static TimeSpan Floor(TimeSpan span, TimeSpan unit) => TimeSpan.FromTicks(span.Ticks / unit.Ticks * unit.Ticks);

    /// <summary>Without the crumbs that the multiplication leaves.</summary>
    private static double Floor(double part, double unit) => Math.Round(Math.Floor(part / unit) * unit, 3);

    private static TimeSpan Sum(IEnumerable<TimeSpan> spans) => TimeSpan.FromTicks(spans.Sum(s => s.Ticks));
}
