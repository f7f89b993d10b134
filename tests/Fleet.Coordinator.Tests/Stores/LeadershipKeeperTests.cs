using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class LeadershipKeeperTests
{
    private static readonly LeadershipTiming Timing = LeadershipTiming.Default;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeTime _time = new();
    private readonly MonotonicClock _clock;
    private readonly Leadership _leadership;

    public LeadershipKeeperTests()
    {
        _clock = new MonotonicClock(_time);
        _leadership = new Leadership(1, _clock.Now + Timing.Counted, _clock);
    }

    [Fact]
    public async Task Answer_counts_from_when_the_question_was_sent()
    {
        var sent = _clock.Now;
        var first = new TaskCompletionSource<bool>();
        var asked = 0;
        _ = Keep(_ => ++asked == 1 ? first.Task : new TaskCompletionSource<bool>().Task);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        first.SetResult(true);
        await _time.AdvanceUntilAsync(() => asked == 2, Step, Limit);
        _leadership.ValidUntil.ShouldBe(sent + Timing.Counted);
    }

    [Fact]
    public async Task Store_that_says_no_ends_it()
    {
        await Keep(_ => Task.FromResult(false));
        _leadership.Ended.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Store_that_cannot_be_reached_lets_it_run_out_and_may_renew_it_afterwards()
    {
        var isReachable = false;
        _ = Keep(_ => isReachable ? Task.FromResult(true) : throw new StoreUnreachableException("away"));
        await _time.AdvanceUntilAsync(() => !_leadership.IsValid, Step, Limit);
        _leadership.Ended.IsCancellationRequested.ShouldBeFalse();
        isReachable = true;
        await _time.AdvanceUntilAsync(() => _leadership.IsValid, Step, Limit);
    }

    /// <summary>The question is given up in time for the next one.</summary>
    [Fact]
    public async Task One_question_in_two_that_is_never_answered_leaves_it_valid()
    {
        var asked = 0;
        _ = Keep(cancellation => ++asked % 2 == 0 ? Task.FromResult(true) : NeverAsync(cancellation));
        await _time.AdvanceUntilAsync(
            () =>
            {
                _leadership.IsValid.ShouldBeTrue($"after {asked} questions");
                return asked > 20;
            },
            Step,
            Limit);
    }

    [Fact]
    public void Clocks_that_are_wrong_by_a_tenth_each_leave_no_moment_in_which_two_are_valid() =>
        (Timing.Counted / 0.9).ShouldBeLessThanOrEqualTo(Timing.Validity / 1.1);

    private static async Task<bool> NeverAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return true;
    }

    private Task Keep(Func<CancellationToken, Task<bool>> standsAsync) =>
        new LeadershipKeeper(_leadership, Timing, _clock, standsAsync).KeepAsync(CancellationToken.None);
}
