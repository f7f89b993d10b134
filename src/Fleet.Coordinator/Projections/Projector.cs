using System.Threading.Channels;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.Publishing;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Postgres;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// Keeps the read model in step with the fleet's journal, while this coordinator leads. It reads the journal as a follower does, so that the leader
/// neither knows nor waits. After anything that goes wrong it looks up where the read model is, and goes on from there.
/// </summary>
/// <param name="isLeading">Two that write at once would harm nothing; it would be work done twice.</param>
internal sealed partial class Projector(
    IFleetStore store,
    NpgsqlDataSource source,
    PostgresTarget target,
    ProjectionStatus status,
    Func<bool> isLeading,
    TimeProvider time,
    ILogger<Projector> log)
{
    private const int BatchEntriesMax = 500;
    private const int BatchEventsMax = 5000;
    private const int CheckpointEvery = 1000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private FleetState _state = FleetState.Empty;
    private ReadPosition _position = ReadPosition.Empty;
    private long _checkpoint;
    private volatile bool _isOutdated;

    /// <summary>What it knows of the read model may be of another one: it looks where that is before it writes again.</summary>
    public void LookAgain() => _isOutdated = true;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var failures = 0; !cancellation.IsCancellationRequested;)
        {
            var before = status.Entries;
            try
            {
                while (!isLeading())
                    await Task.Delay(LookEvery, time, cancellation);
                await FollowAsync(cancellation);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (PositionMovedException)
            {
                // Another projector was quicker, or is told to stop just now: look again where things are.
                await Task.Delay(LookEvery, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is not InvariantBrokenException)
            {
                failures = status.Entries > before ? 1 : failures + 1;
                status.Failures++;
                var why = PostgresProblem.IsOne(e) ? PostgresProblem.Words(e, target) : e.Message;
                if (status.Error != why)
                    LogBroken(why);
                status.Error = why;
                await Task.Delay(Backoff.After(failures, Random.Shared.NextDouble()), time, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Until this coordinator leads no more, or the read model is another one.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        _isOutdated = false;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await Migrator.ExpectAsync(connection, SchemaFiles.ReadModel, cancellation);
        _position = await ReadPosition.LoadAsync(connection, cancellation);
        await ReadPosition.ExpectSameHistoryAsync(_position, store, cancellation);
        _state = await Checkpoints.LoadAsync(connection, _position.Revision, cancellation);
        if (_state.Map.Version.Revision != _position.Revision)
            throw new OtherHistoryException(
                $"The read model says revision {_position.Revision} and its entries end at {_state.Map.Version.Revision}: pbm store reproject");
        _checkpoint = _position.Revision;
        status.Revision = _position.Revision;
        LogFollows(_position.Revision);
        while (IsCurrent())
        {
            try
            {
                await FollowAsync(connection, cancellation);
            }
            catch (OvertakenException e)
            {
                LogOvertaken(e.Next, e.Oldest);
                await JumpAsync(connection, cancellation);
            }
        }
    }

    private bool IsCurrent() => isLeading() && !_isOutdated;

    private async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var read = Channel.CreateBounded<JournalEntry>(2 * BatchEntriesMax);
        var reading = ReadAsync(read.Writer, _position.Revision + 1, end.Token);
        try
        {
            while (IsCurrent() && await MoreAsync(read.Reader, cancellation))
            {
                if (Take(read.Reader) is { Count: > 0 } entries)
                    await WriteAsync(connection, entries, cancellation);
            }
        }
        finally
        {
            end.Cancel();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whatever ends the reading is the reader's to hear, after the entries before it.</summary>
    private async Task ReadAsync(ChannelWriter<JournalEntry> to, long from, CancellationToken cancellation)
    {
        try
        {
            await foreach (var entry in store.TailAsync(from, cancellation))
                await to.WriteAsync(entry, cancellation);
            to.TryComplete();
        }
        catch (Exception e)
        {
            to.TryComplete(e);
        }
    }

    /// <summary>There is something to read, or it is time to look whether this coordinator still leads.</summary>
    private async Task<bool> MoreAsync(ChannelReader<JournalEntry> reader, CancellationToken cancellation)
    {
        using var wait = new Deadline(time, LookEvery, cancellation);
        try
        {
            return await reader.WaitToReadAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && !reader.Completion.IsCompleted)
        {
            return true;
        }
    }

    private static List<JournalEntry> Take(ChannelReader<JournalEntry> reader)
    {
        var (entries, events) = (new List<JournalEntry>(), 0);
        while (entries.Count < BatchEntriesMax && events < BatchEventsMax && reader.TryRead(out var entry))
        {
            entries.Add(entry);
            events += entry.Events.Length;
        }

        return entries;
    }

    private async Task WriteAsync(NpgsqlConnection connection, List<JournalEntry> entries, CancellationToken cancellation)
    {
        var (state, rows) = (_state, new List<ProjectedEntry>(entries.Count));
        foreach (var entry in entries)
        {
            (state, var projected) = Projection.Project(state, entry);
            rows.Add(projected);
        }

        var revision = state.Map.Version.Revision;
        var isDue = _position.Revision == 0 || revision - _checkpoint >= CheckpointEvery;
        _position = await BatchWriter.WriteAsync(connection, _position, new ProjectedBatch(rows), state, isDue, cancellation);
        _state = state;
        _checkpoint = isDue ? revision : _checkpoint;
        Written(entries.Count);
    }

    private async Task JumpAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var state = Readmission.Whole(await store.LoadSnapshotAsync(cancellation)
            ?? throw new StoreUnreachableException("The journal's next entry has been dropped, and there is no snapshot."));
        var version = state.Map.Version;
        var at = await TimeOfAsync(version.Revision, cancellation);
        var seen = new JournalEntry(version.Revision, version.Term, at, Principal.System("projection"), []);
        _position = await BatchWriter.JumpAsync(
            connection, _position, new ProjectedBatch([Projection.Whole(state, seen)]), state, cancellation);
        (_state, _checkpoint) = (state, version.Revision);
        Written(1);
    }

    /// <summary>When a revision was written, or, where its entry is gone, the one after it; now, where that is not known either.</summary>
    private async Task<DateTimeOffset> TimeOfAsync(long revision, CancellationToken cancellation)
    {
        await foreach (var entry in store.ReadAsync(revision, cancellation))
            return entry.At;
        return time.GetUtcNow();
    }

    private void Written(int entries)
    {
        status.Revision = _position.Revision;
        status.Entries += entries;
        if (status.Error is not null)
            LogFollows(_position.Revision);
        status.Error = null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The read model is at revision {Revision}, and follows")]
    private partial void LogFollows(long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model does not follow now: {Reason}")]
    private partial void LogBroken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model was away for too long: revision {Next} is gone, the oldest is {Oldest}. "
        + "It goes on from the newest snapshot, and the gap is recorded")]
    private partial void LogOvertaken(long next, long oldest);
}
