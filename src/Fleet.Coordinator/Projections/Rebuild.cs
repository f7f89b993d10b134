using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// Makes everything in the read model that follows from the journal anew, beside what is there, and puts what differs in its place, in one
/// transaction that nobody sees until it is done. The projector goes on meanwhile, and waits only for the end. Whatever breaks it off leaves nothing
/// behind.
/// </summary>
/// <param name="tell">Told the newest revision that is made, and that up to which it has to be.</param>
internal sealed class Rebuild(IFleetStore store, NpgsqlConnection connection, Action<long, long> tell)
{
    private FleetState _state = FleetState.Empty;
    private DateTimeOffset _effective = DateTimeOffset.UnixEpoch;
    private WholeJournal _journal = null!;

    private long Done => _state.Map.Version.Revision;

    /// <returns>How many rows were not as they should have been.</returns>
    /// <exception cref="OtherHistoryException">The read model is not of this journal.</exception>
    /// <exception cref="HistoryMissingException">A part of the journal is gone.</exception>
    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await BatchRows.RunAsync(connection, "select pg_advisory_xact_lock(hashtextextended('fleet_model.history', 0))", cancellation);
        await ReadPosition.ExpectSameHistoryAsync(await ReadPosition.LoadAsync(connection, cancellation), store, cancellation);
        _journal = await WholeJournal.OpenAsync(store, connection, cancellation);
        foreach (var table in RebuiltTable.All)
            await table.CreateAsync(connection, cancellation);
        await BeginAsync(cancellation);
        await CatchUpAsync(await ReadPosition.LoadAsync(connection, cancellation), cancellation);
        // From here on the projector waits.
        await BatchRows.RunAsync(connection, "select from fleet_model.position for update", cancellation);
        var position = await ReadPosition.LoadAsync(connection, cancellation);
        await CatchUpAsync(position, cancellation);
        var changed = 0L;
        foreach (var table in RebuiltTable.All)
            changed += await table.MergeAsync(connection, cancellation);
        if (Done > 0)
            await EndAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return changed;
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        await BatchRows.RunAsync(
            connection,
            "update fleet_model.position set cluster = $1, term = $2, effective_at = $3",
            cancellation,
            _state.Map.Policy.Cluster,
            _state.Map.Version.Term,
            _effective.UtcDateTime);
        await Checkpoints.SaveAsync(connection, _state, cancellation);
    }

    private async Task CatchUpAsync(ReadPosition position, CancellationToken cancellation)
    {
        while (Done < position.Revision)
        {
            var gap = await RebuildStart.NextGapAsync(connection, Done, cancellation);
            if (gap is { } missing && missing.From <= Done + 1)
                await JumpAsync(missing.To, cancellation);
            else
                await FoldAsync(Math.Min(position.Revision, (gap?.From ?? long.MaxValue) - 1), cancellation);
            tell(Done, position.Revision);
        }
    }

    private async Task FoldAsync(long to, CancellationToken cancellation)
    {
        var (state, rows) = (_state, new List<ProjectedEntry>());
        foreach (var entry in await _journal.ReadAsync(Done + 1, to, cancellation))
        {
            (state, var projected) = Projection.Project(state, entry);
            rows.Add(projected);
        }

        await WriteAsync(state, rows, cancellation);
    }

    /// <summary>From nothing, or from the oldest state that is kept.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        if (_journal.IsWholeInStore || await RebuildStart.FindAsync(connection, cancellation) is not (> 0 and var revision))
            return;
        await WholeAsync(revision, cancellation);
        await RebuildStart.KeepOlderAsync(connection, revision, cancellation);
    }

    /// <summary>Over a gap, as the projector came over it.</summary>
    private async Task JumpAsync(long revision, CancellationToken cancellation)
    {
        var head = await RebuildStart.HeadAsync(connection, revision, cancellation);
        await BatchRows.EndAllAsync(connection, Moment.Of(head.Entry), cancellation, RebuiltTable.Beside);
        await WholeAsync(revision, cancellation);
    }

    /// <summary>Everything that is so at a revision whose state is kept; its events are as they were.</summary>
    private async Task WholeAsync(long revision, CancellationToken cancellation)
    {
        var (entry, effective) = await RebuildStart.HeadAsync(connection, revision, cancellation);
        var state = await Checkpoints.KeptAsync(connection, revision, cancellation) ?? throw new HistoryMissingException(revision);
        _effective = effective > _effective ? effective : _effective;
        await WriteAsync(state, [Projection.Whole(state, entry)], cancellation);
        await BatchRows.RunAsync(
            connection,
            $"insert into {RebuiltTable.Beside}.event select * from {BatchRows.ReadModel}.event where revision = $1",
            cancellation,
            revision);
    }

    private async Task WriteAsync(FleetState state, List<ProjectedEntry> rows, CancellationToken cancellation)
    {
        await BatchRows.WriteAsync(connection, _effective, new ProjectedBatch(rows), cancellation, RebuiltTable.Beside);
        _effective = rows.Select(row => row.Entry.At).Append(_effective).Max();
        _state = state;
    }
}
