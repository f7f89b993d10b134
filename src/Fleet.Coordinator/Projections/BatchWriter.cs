using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// Writes entries and what they change in one transaction, together with the position. The position is compared first, which also locks its row: of
/// two that write at once, one finds that it has moved.
/// </summary>
internal static class BatchWriter
{
    /// <summary>Who listens is told the newest revision.</summary>
    public const string Channel = "fleet_events";

    /// <param name="checkpoint">Kept with it, when it is time for one.</param>
    /// <exception cref="PositionMovedException">Another has written; nothing is written here.</exception>
    public static async Task<ReadPosition> WriteAsync(
        NpgsqlConnection connection, ReadPosition from, ProjectedBatch batch, FleetState state, bool checkpoint, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var to = await MoveAsync(connection, from, batch, state, cancellation);
        await BatchRows.WriteAsync(connection, from.EffectiveAt, batch, cancellation);
        if (checkpoint)
            await Checkpoints.SaveAsync(connection, state, cancellation);
        await NotifyAsync(connection, to.Revision, cancellation);
        await transaction.CommitAsync(cancellation);
        return to;
    }

    /// <summary>
    /// Makes everything that says what is now out of a state, and records that the revisions between are not known here. The history goes on from it.
    /// </summary>
    /// <param name="whole">Of <paramref name="state"/>, as a batch of one.</param>
    public static async Task<ReadPosition> JumpAsync(
        NpgsqlConnection connection, ReadPosition from, ProjectedBatch whole, FleetState state, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var to = await MoveAsync(connection, from, whole, state, cancellation);
        var at = Moment.Of(whole.Last());
        await BatchRows.EndAllAsync(connection, at, cancellation);
        await BatchRows.RunAsync(
            connection, "insert into fleet_model.gap (from_revision, to_revision) values ($1, $2)", cancellation, from.Revision + 1, at.Revision);
        var why = "the read model could not be written for so long that the journal had dropped them";
        var sentence = $"Revisions {from.Revision + 1} to {at.Revision} are not known here: {why}.";
        await BatchRows.RunAsync(
            connection,
            """
            insert into fleet_model.event (revision, ordinal, who, what, subject, why, sentence, detail)
            values ($1, 0, 'projection', 'history-gap', '{}', $2, $3, jsonb_build_object('kind', 'history-gap', 'from', $4, 'to', $1))
            """,
            cancellation,
            at.Revision,
            why,
            sentence,
            from.Revision + 1);
        await BatchRows.WriteAsync(connection, from.EffectiveAt, whole, cancellation);
        await Checkpoints.SaveAsync(connection, state, cancellation, kept: true);
        await NotifyAsync(connection, to.Revision, cancellation);
        await transaction.CommitAsync(cancellation);
        return to;
    }

    private static async Task<ReadPosition> MoveAsync(
        NpgsqlConnection connection, ReadPosition from, ProjectedBatch batch, FleetState state, CancellationToken cancellation)
    {
        var last = batch.Last();
        var to = new ReadPosition(
            state.Map.Policy.Cluster, last.Revision, last.Term, last.At, batch.Entries.Select(e => e.Entry.At).Append(from.EffectiveAt).Max());
        object[] values = [to.Cluster!, to.Revision, to.Term, to.EffectiveAt.UtcDateTime];
        var moved = from.Cluster is null
            ? await BatchRows.RunAsync(
                connection,
                "insert into fleet_model.position (cluster, revision, term, effective_at) values ($1, $2, $3, $4) on conflict do nothing",
                cancellation,
                values)
            : await BatchRows.RunAsync(
                connection,
                "update fleet_model.position set cluster = $1, revision = $2, term = $3, effective_at = $4, written_at = now() where revision = $5",
                cancellation,
                [.. values, from.Revision]);
        return moved == 1 ? to : throw new PositionMovedException(from.Revision);
    }

    private static Task<int> NotifyAsync(NpgsqlConnection connection, long revision, CancellationToken cancellation) =>
        BatchRows.RunAsync(connection, $"select pg_notify('{Channel}', $1)", cancellation, $"{revision}");
}
