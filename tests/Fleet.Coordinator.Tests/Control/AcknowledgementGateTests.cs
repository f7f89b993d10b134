using Fleet.Coordinator.Control;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Control;

public sealed class AcknowledgementGateTests
{
    private readonly FakeTime _time = new();
    private readonly AcknowledgementGate _gate = new();

    private Instant Now => new MonotonicClock(_time).Now;

    [Fact]
    public async Task Gate_of_a_coordinator_that_has_never_led_lets_nothing_pass()
    {
        _gate.IsOpen.ShouldBeFalse();
        await Should.ThrowAsync<NotLeadingException>(() => _gate.PassAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public void It_is_open_until_the_last_microsecond_and_not_at_the_end()
    {
        var leadership = Lead(TimeSpan.FromMicroseconds(10));
        _time.Advance(TimeSpan.FromMicroseconds(9));
        _gate.IsOpen.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMicroseconds(1));
        _gate.IsOpen.ShouldBeFalse();
        leadership.Renew(Now + TimeSpan.FromMicroseconds(1));
        _gate.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void Leadership_that_cannot_run_out_does_not()
    {
        _gate.Open(new Leadership(1, Instant.Forever, new MonotonicClock(_time)));
        _time.Advance(TimeSpan.FromDays(1000));
        _gate.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void Renewal_that_comes_out_of_order_shortens_nothing()
    {
        var leadership = Lead(TimeSpan.FromSeconds(2));
        leadership.Renew(Now + TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1500));
        _gate.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_waits_passes_with_the_renewal()
    {
        var leadership = Lead(TimeSpan.Zero);
        var waiting = _gate.PassAsync(CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        leadership.Renew(Now + TimeSpan.FromSeconds(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Whoever_waits_is_turned_away_when_the_leadership_ends()
    {
        var leadership = Lead(TimeSpan.Zero);
        var waiting = _gate.PassAsync(CancellationToken.None).AsTask();
        leadership.End();
        await Should.ThrowAsync<NotLeadingException>(waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        leadership.Renew(Now + TimeSpan.FromSeconds(1));
        _gate.IsOpen.ShouldBeFalse("what has ended is over for good");
    }

    [Fact]
    public async Task Whoever_waits_can_be_called_off()
    {
        Lead(TimeSpan.Zero);
        using var off = new CancellationTokenSource();
        var waiting = _gate.PassAsync(off.Token).AsTask();
        await off.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    /// <summary>What a pulse to a standby says.</summary>
    [Fact]
    public void It_names_the_term_until_that_has_ended_valid_or_not()
    {
        _gate.Term.ShouldBeNull();
        var leadership = Lead(TimeSpan.Zero);
        _gate.Term.ShouldBe(1);
        leadership.End();
        _gate.Term.ShouldBeNull();
    }

    private Leadership Lead(TimeSpan span)
    {
        var leadership = new Leadership(1, Now + span, new MonotonicClock(_time));
        _gate.Open(leadership);
        return leadership;
    }
}
