using Fleet.Postgres;
using Fleet.Shared.Shell;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>Tries the lock, again and again, until this process leads. For one caller at a time.</summary>
internal sealed partial class PostgresCampaign(
    NpgsqlDataSource sessions, PostgresTarget target, PostgresStoreOptions options, MonotonicClock clock, ILogger log)
{
    private readonly Lock _lock = new();
    private Deadline? _pause;
    private string? _told;

    /// <param name="session">Of the term before, with its lock; null when there is none.</param>
    public async Task<PostgresReign> WinAsync(LeaderSession? session, CoordinatorAddress candidate, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                session ??= new LeaderSession(sessions);
                var sent = clock.Now;
                var (won, mistake) = await TryAsync(session, candidate, cancellation);
                if (won is not null)
                {
                    var reign = new PostgresReign(session, won, sent, sessions, target, options.Timing, clock);
                    session = null;
                    if (await BeginAsync(reign, candidate, cancellation))
                        return reign;
                }
                else if (mistake is null)
                {
                    TellOnce("", () => Waiting(log, candidate, target));
                    await PauseAsync(options.LockRetry, cancellation);
                }
                else
                {
                    TellOnce(mistake, () => Unusable(log, candidate, mistake));
                    Leave(ref session);
                    await PauseAsync(options.ConnectRetry, cancellation);
                }
            }
        }
        finally
        {
            Leave(ref session);
        }
    }

    /// <summary>The lock may be free now.</summary>
    public void TryNow()
    {
        lock (_lock)
            _pause?.Cancel();
    }

    /// <returns>Neither when another leads; why not, in words, when the database cannot be used.</returns>
    private async Task<(LeaderSession.Won? Won, string? Mistake)> TryAsync(
        LeaderSession session, CoordinatorAddress candidate, CancellationToken cancellation)
    {
        using var bound = new Deadline(clock.Time, options.Patience, cancellation);
        try
        {
            return (await session.TryCampaignAsync(candidate, bound.Token), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, PostgresProblem.Words(new TimeoutException(), target));
        }
        catch (Exception e) when (PostgresProblem.IsOne(e) && e is not SchemaMismatchException)
        {
            return (null, PostgresProblem.Words(e, target));
        }
    }

    private async Task<bool> BeginAsync(PostgresReign reign, CoordinatorAddress candidate, CancellationToken cancellation)
    {
        try
        {
            if (await reign.BeginAsync(cancellation))
            {
                Leads(log, candidate, reign.Leadership.Term, target);
                _told = null;
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            await reign.DisposeAsync();
            throw;
        }

        await reign.DisposeAsync();
        return false;
    }

    /// <summary>The session closes, and its lock is free, when it has done what it does.</summary>
    private static void Leave(ref LeaderSession? session)
    {
        if (session is not null)
            _ = Abandoning.ForgetAsync(session.DisposeAsync().AsTask());
        session = null;
    }

    private async Task PauseAsync(TimeSpan span, CancellationToken cancellation)
    {
        using var pause = new Deadline(clock.Time, cancellation);
        lock (_lock)
            _pause = pause;
        try
        {
            await Task.Delay(span, clock.Time, pause.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Somebody knows that it is worth trying.
        }
        finally
        {
            lock (_lock)
                _pause = null;
        }
    }

    private void TellOnce(string what, Action tell)
    {
        if (_told == what)
            return;
        _told = what;
        tell();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} leads with term {Term}; the journal is in database {Database}.")]
    private static partial void Leads(ILogger logger, CoordinatorAddress candidate, long term, PostgresTarget database);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} waits: another coordinator leads in database {Database}.")]
    private static partial void Waiting(ILogger logger, CoordinatorAddress candidate, PostgresTarget database);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Candidate} cannot campaign and goes on trying: {Mistake}")]
    private static partial void Unusable(ILogger logger, CoordinatorAddress candidate, string mistake);
}
