using Fleet.Postgres;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>One term that this process has won: its session, its leadership, and what keeps that valid.</summary>
internal sealed class PostgresReign : IAsyncDisposable
{
    private static readonly TimeSpan ResignWithin = TimeSpan.FromSeconds(1);

    private readonly StandingQuestion _question;
    private readonly LeadershipTiming _timing;
    private readonly MonotonicClock _clock;
    private readonly Deadline _end;
    private readonly Task _keeping;
    private readonly Instant _begins;

    /// <summary>Nothing can be acknowledged any more in the terms before.</summary>
    private bool _isAlone;

    /// <param name="sent">When the campaign was sent that won: its answer was also the first that this process leads.</param>
    public PostgresReign(
        LeaderSession session,
        LeaderSession.Won won,
        Instant sent,
        NpgsqlDataSource sessions,
        PostgresTarget target,
        LeadershipTiming timing,
        MonotonicClock clock)
    {
        (Session, _timing, _clock) = (session, timing, clock);
        _isAlone = won.Resigned;
        _begins = _isAlone ? clock.Now : clock.Now + timing.Validity;
        Leadership = new Leadership(won.Term, sent + timing.Counted, clock);
        _question = new StandingQuestion(sessions, target, won.Term);
        _end = new Deadline(clock.Time, CancellationToken.None);
        _keeping = new LeadershipKeeper(Leadership, timing, clock, StandsAsync).KeepAsync(_end.Token);
    }

    public LeaderSession Session { get; }

    public Leadership Leadership { get; }

    /// <summary>
    /// Waits until nothing can be acknowledged any more in the term before: its leader may live, and not know yet that it was deposed. Its last
    /// question was answered before this one won, so that it has run out one <see cref="LeadershipTiming.Validity"/> after that. One that resigned
    /// knew it.
    /// </summary>
    /// <returns>False when it has ended meanwhile.</returns>
    public async Task<bool> BeginAsync(CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Leadership.Ended);
        try
        {
            for (var left = _begins - _clock.Now; !_isAlone && left > TimeSpan.Zero; left = _begins - _clock.Now)
                await Task.Delay(left, _clock.Time, wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }

        _isAlone = true;
        await Leadership.BecomeValidAsync(cancellation);
        return !Leadership.Ended.IsCancellationRequested;
    }

    /// <summary>Ends the leadership and leaves the session, with its lock, to the next campaign of this process.</summary>
    public async Task EndAsync()
    {
        Leadership.End();
        _end.Cancel();
        await _keeping;
        _end.Dispose();
        _ = Abandoning.ForgetAsync(_question.DisposeAsync().AsTask());
    }

    /// <summary>
    /// Ends the leadership, and only then says so in the store: whoever comes next need not wait. One that has not waited itself must not say that,
    /// for the one before it may not have run out.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        using var bound = new Deadline(_clock.Time, ResignWithin, CancellationToken.None);
        try
        {
            await Session.ResignAsync(Leadership.Term, _isAlone, bound.Token);
        }
        catch (Exception e) when (PostgresProblem.IsOne(e) || e is OperationCanceledException)
        {
            // The session is lost, or will be: the lock goes with it.
        }

        _ = Abandoning.ForgetAsync(Session.DisposeAsync().AsTask());
    }

    private Task<bool> StandsAsync(CancellationToken cancellation) =>
        Session.IsLost ? Task.FromResult(false) : _question.AskAsync(cancellation);
}
