using System.Diagnostics;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Plans;

namespace Fleet.Simulation.Shrinking;

/// <summary>Shrinks a plan for some minutes at the most, and tells how it goes.</summary>
public sealed class ShrinkRun(TimeSpan atMost, TextWriter output)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    /// <summary>What takes long is seen to go on, though nothing comes of it.</summary>
    private static readonly TimeSpan SilentMax = TimeSpan.FromSeconds(15);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _told;

    /// <returns>The smallest plan that fails as this one does.</returns>
    public Found Run(Found found)
    {
        using var over = new CancellationTokenSource(atMost);
        var trials = new ParallelTrials(over.Token);
        output.WriteLine($"Shrinking {Size(found.Plan)}, for as long as it fails so: {found.Failure.Name}");
        var best = found;
        using var timer = new Timer(_ => Tell(best, trials, SilentMax), null, SilentMax, TellEvery);
        var small = new Shrinker(trials, better => Tell(best = better, trials, TellEvery)).Shrink(found);
        var end = trials.IsOver ? "The time is over; --shrink-minutes gives more" : "Nothing more can be left out";
        output.WriteLine($"{end}: {Size(small.Plan)} after {trials.Played} worlds in {_watch.Elapsed.TotalSeconds:0} s.");
        return small;
    }

    /// <summary>What there is of it: <c>3 faults, 2 nodes, 4 VIPs, 5.2 s</c>.</summary>
    public static string Size(FaultPlan plan)
    {
        var vips = plan.Settings.Services.Sum(s => s.Vips.Length);
        return $"{Count(plan.Faults.Length, "fault")}, {Count(plan.Settings.Nodes, "node")}, "
            + $"{Count(vips, "VIP")} of {Count(plan.Settings.Services.Count, "service")}, {PlainValue.Text(plan.Quiet)}";
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private void Tell(Found best, ParallelTrials trials, TimeSpan after)
    {
        lock (_lock)
        {
            if (_watch.Elapsed - _told < after)
                return;
            _told = _watch.Elapsed;
            output.WriteLine($"  {_told.TotalSeconds,4:0} s, {trials.Played,5} worlds: {Size(best.Plan)}");
        }
    }
}
