using Fleet.Shared.Shell;

namespace Fleet.Shared.Tests.Shell;

public sealed class DueTimerTests : IDisposable
{
    private readonly FakeTime time = new();
    private readonly MonotonicClock clock;
    private readonly DueTimer timer;
    private int rung;

    public DueTimerTests()
    {
        clock = new MonotonicClock(time);
        timer = new DueTimer(clock, () => rung++);
    }

    [Fact]
    public void It_ticks_when_what_is_due_is_and_never_before()
    {
        timer.Set(clock.Now + TimeSpan.FromMilliseconds(49.5));
        time.Advance(TimeSpan.FromMilliseconds(49));
        Ticks().ShouldBe(0);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Ticks().ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(10));
        Ticks().ShouldBe(0);
    }

    [Fact]
    public void What_is_due_later_or_sooner_after_all_is_waited_for_instead()
    {
        timer.Set(clock.Now + TimeSpan.FromMilliseconds(50));
        timer.Set(clock.Now + TimeSpan.FromMilliseconds(80));
        time.Advance(TimeSpan.FromMilliseconds(79));
        Ticks().ShouldBe(0);
        timer.Set(clock.Now);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Ticks().ShouldBe(1);
    }

    /// <summary>The loop broke, or the timer was early: what was due still is.</summary>
    [Fact]
    public void What_is_still_due_after_a_tick_is_ticked_for_again_and_not_in_a_circle()
    {
        var due = clock.Now + TimeSpan.FromMilliseconds(5);
        timer.Set(due);
        time.Advance(TimeSpan.FromMilliseconds(5));
        for (var again = 0; again < 3; again++)
        {
            Ticks().ShouldBe(1);
            timer.Set(due);
            Ticks().ShouldBe(0);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    public void Dispose() => timer.Dispose();

    private int Ticks()
    {
        var count = rung;
        rung = 0;
        return count;
    }
}
