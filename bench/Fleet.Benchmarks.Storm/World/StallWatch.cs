using Fleet.Benchmarks.Storm.Judging;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>Looks at the clock every 5 ms: when it could not, the machine stood still, and that is no fault of the fleet's.</summary>
internal sealed class StallWatch(MonotonicClock clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    /// <summary>Two looks apart is a machine that has time.</summary>
    private static readonly TimeSpan Excused = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<Gap> _stalls = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period);
        var last = clock.Now;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var now = clock.Now;
                if (now - last > Excused)
                {
                    lock (_gate)
                        _stalls.Add(new Gap(last, now));
                }

                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }
    }

    /// <summary>What the machine stood still for in a window, beyond what is usual.</summary>
    public TimeSpan Within(Instant from, Instant until)
    {
        lock (_gate)
        {
            return TimeSpan.FromTicks(_stalls.Where(stall => stall.From < until && stall.Until > from)
                .Sum(stall => Math.Max(0, (stall.Within(from, until) - Excused).Ticks)));
        }
    }
}
