using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Postgres;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>
/// A fleet's history in a database of PostgreSQL: leadership is an advisory lock of a session, and a row with the term that every write compares in
/// its own transaction. A session that is lost ends the leadership. What the database has acknowledged it must not forget: where it fails over to a
/// replica, that must be a synchronous one, or a term may be given twice, and nothing here can notice.
/// </summary>
internal sealed partial class PostgresFleetStore : IFleetStore
{
    private readonly PostgresTarget _target;
    private readonly PostgresStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _sessions;
    private readonly NpgsqlDataSource _pool;
    private readonly PostgresQueries _queries;
    private readonly PostgresCampaign _campaign;
    private readonly Deadline _life;
    private readonly Lock _lock = new();
    private PostgresReign? _reign;
    private bool _disposed;

    public PostgresFleetStore(PostgresTarget target, PostgresStoreOptions options, IAside aside, TimeProvider time, ILogger<PostgresFleetStore> log)
    {
        (_target, _options, _time) = (target, options, time);
        _life = new Deadline(time, CancellationToken.None);
        _sessions = StoreConnections.Sessions(target);
        _pool = StoreConnections.Pool(target);
        _queries = new PostgresQueries(_pool, target, options, aside, time);
        _campaign = new PostgresCampaign(_sessions, target, options, new MonotonicClock(time), log);
    }

    /// <summary>While the database cannot be used it goes on trying, and says why. For one caller at a time.</summary>
    /// <exception cref="SchemaMismatchException">The database has no schema for it, or another one.</exception>
    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var before = Interlocked.Exchange(ref _reign, null);
        if (before is not null)
            await before.EndAsync();
        using var end = new Deadline(_time, cancellation);
        using var dies = _life.Token.Register(end.Cancel);
        try
        {
            var reign = await _campaign.WinAsync(before?.Session, candidate, end.Token);
            if (TryTake(reign))
                return reign.Leadership;
            await reign.DisposeAsync();
        }
        catch (OperationCanceledException) when (_disposed && !cancellation.IsCancellationRequested)
        {
        }

        throw new ObjectDisposedException(nameof(PostgresFleetStore));
    }

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => _queries.LeaderAsync(cancellation);

    public async Task DeposeAsync(long term, CancellationToken cancellation)
    {
        await _queries.DeposeAsync(term, cancellation);
        _campaign.TryNow();
    }

    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var reign = await LeadingAsync(entry.Term, cancellation);
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
        var doing = $"append entry {entry.Revision}";
        var isWritten = await LedAsync(reign, doing, _options.AppendWithin, bound => reign.Session.AppendAsync(entry, json, bound), cancellation);
        if (!isWritten)
            ThrowUnwritten(reign, await StandingAsync(reign, doing, cancellation), entry.Revision);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await SettleAsync(cancellation);
        var next = Math.Max(1, fromRevision);
        for (var isFirst = true; ; isFirst = false)
        {
            var page = await _queries.PageAsync(next, cancellation);
            if (page.Count == 0)
                yield break;
            if (!isFirst && page[0].Revision != next)
                throw new StoreUnreachableException($"Could not read the journal: entry {next} has been dropped meanwhile.");
            foreach (var entry in page)
                yield return entry;
            next = page[^1].Revision + 1;
        }
    }

    public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
        PostgresJournalTail.FollowAsync(_queries, _sessions, _options.TailEvery, fromRevision, cancellation);

    public async Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        var revision = state.Map.Version.Revision;
        var doing = $"save the snapshot of revision {revision}";
        var reign = await LeadingAsync(null, cancellation);
        var standing = await StandingAsync(reign, doing, cancellation);
        if (!standing.Leads)
            ThrowUnwritten(reign, standing, revision);
        if (revision > standing.LastRevision)
            throw new ArgumentException($"Revision {revision} has not been appended; the last is {standing.LastRevision}.", nameof(state));
        var id = await _queries.WriteSnapshotAsync(state, cancellation);
        var term = reign.Leadership.Term;
        if (!await LedAsync(
            reign, doing, _options.SnapshotWithin, bound => reign.Session.KeepSnapshotAsync(term, id, _options.EntriesKept, bound), cancellation))
            ThrowUnwritten(reign, await StandingAsync(reign, doing, cancellation), revision);
    }

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => _queries.LoadSnapshotAsync(cancellation);

    /// <summary>Gives the leadership back.</summary>
    public async ValueTask DisposeAsync()
    {
        PostgresReign? reign;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            (reign, _reign) = (_reign, null);
        }

        _life.Cancel();
        if (reign is not null)
            await reign.DisposeAsync();
        await _sessions.DisposeAsync();
        await _pool.DisposeAsync();
    }

    private bool TryTake(PostgresReign reign)
    {
        lock (_lock)
        {
            if (!_disposed)
                _reign = reign;
            return !_disposed;
        }
    }

    /// <summary>The reign of this process in that term, or in any.</summary>
    /// <exception cref="FencedException">It does not lead that term, or not any more.</exception>
    private async Task<PostgresReign> LeadingAsync(long? writing, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var reign = _reign;
        var term = writing ?? reign?.Leadership.Term ?? 0;
        if (reign is { Leadership.Ended.IsCancellationRequested: false } && reign.Leadership.Term == term)
            return reign;
        var current = await _queries.TermAsync(cancellation);
        if (term > current)
            throw new ArgumentException($"Term {term} was given to nobody; the current one is {current}.", nameof(writing));
        if (term == current && term == reign?.Leadership.Term)
            throw new StoreUnreachableException("The session that led the fleet is lost.") { IsSurelyNotWritten = true };
        throw new FencedException(term, current);
    }

    private Task<LeaderSession.Standing> StandingAsync(PostgresReign reign, string doing, CancellationToken cancellation) =>
        LedAsync(reign, doing, _options.Patience, bound => reign.Session.StandingAsync(reign.Leadership.Term, bound), cancellation);

    /// <summary>
    /// Does something in the leader's session. What is not answered in time goes on by itself. An error of the statement leaves the session as it
    /// was, and nothing is written; any other ends the session, and the leadership.
    /// </summary>
    private async Task<T> LedAsync<T>(
        PostgresReign reign, string doing, TimeSpan within, Func<CancellationToken, Task<T>> act, CancellationToken cancellation)
    {
        using var bound = new Deadline(_time, within, cancellation);
        try
        {
            return await act(bound.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreUnreachableException($"Could not {doing} within {within.TotalMilliseconds} ms: database {_target} does not answer.");
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR")
        {
            throw new StoreUnreachableException($"Could not {doing}. {PostgresProblem.Words(e, _target)}", e) { IsSurelyNotWritten = true };
        }
        catch (Exception e) when (PostgresProblem.IsOne(e))
        {
            reign.Leadership.End();
            var term = reign.Leadership.Term;
            if (await _queries.TermAsync(cancellation) is var current && current > term)
                throw new FencedException(term, current);
            throw new StoreUnreachableException($"Could not {doing}, and the session that led is lost. {PostgresProblem.Words(e, _target)}", e);
        }
    }

    private static void ThrowUnwritten(PostgresReign reign, LeaderSession.Standing standing, long revision)
    {
        if (standing.Leads)
            throw new ArgumentException($"The next revision is {standing.LastRevision + 1}, not {revision}.", nameof(revision));
        reign.Leadership.End();
        throw new FencedException(reign.Leadership.Term, standing.Current);
    }

    /// <summary>
    /// Returns when what the leader's session was doing has been done or never will be. A session that is lost here may go on there: it is ended.
    /// </summary>
    private async Task SettleAsync(CancellationToken cancellation)
    {
        if (_reign is not { } reign)
            return;
        using var bound = new Deadline(_time, _options.Patience, cancellation);
        try
        {
            await reign.Session.SettleAsync(bound.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreUnreachableException("What became of the last write is not known yet.");
        }

        if (reign.Session.IsLost)
            reign.Leadership.End();
        if (reign.Leadership.Ended.IsCancellationRequested)
            await _queries.DeposeAsync(reign.Leadership.Term, cancellation);
    }
}
