using Fleet.Shared.Shell;

namespace Fleet.Shared.Tests.Shell;

public sealed class DueTimerTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly MonotonicClock _clock;
    private readonly DueTimer _timer;
    private int _rung;

    public DueTimerTests()
    {
        _clock = new MonotonicClock(_time);
        _timer = new DueTimer(_clock, () => _rung++);
    }

    [Fact]
    public void It_ticks_when_what_is_due_is_and_never_before()
    {
        _timer.Set(_clock.Now + TimeSpan.FromMilliseconds(49.5));
        _time.Advance(TimeSpan.FromMilliseconds(49));
        Ticks().ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Ticks().ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(10));
        Ticks().ShouldBe(0);
    }

    [Fact]
    public void What_is_due_later_or_sooner_after_all_is_waited_for_instead()
    {
        _timer.Set(_clock.Now + TimeSpan.FromMilliseconds(50));
        _timer.Set(_clock.Now + TimeSpan.FromMilliseconds(80));
        _time.Advance(TimeSpan.FromMilliseconds(79));
        Ticks().ShouldBe(0);
        _timer.Set(_clock.Now);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Ticks().ShouldBe(1);
    }

    /// <summary>The loop broke, or the timer was early: what was due still is.</summary>
    [Fact]
    public void What_is_still_due_after_a_tick_is_ticked_for_again_and_not_in_a_circle()
    {
        var due = _clock.Now + TimeSpan.FromMilliseconds(5);
        _timer.Set(due);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        for (var again = 0; again < 3; again++)
        {
            Ticks().ShouldBe(1);
            _timer.Set(due);
            Ticks().ShouldBe(0);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    public void Dispose() => _timer.Dispose();

    private int Ticks()
    {
        var count = _rung;
        _rung = 0;
        return count;
    }
}
