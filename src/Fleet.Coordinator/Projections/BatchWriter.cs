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
        await WriteRowsAsync(connection, from, batch, cancellation);
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
        await using (var end = new NpgsqlCommand(
            "update fleet_model.vip set to_revision = $1, to_at = $2 where to_revision is null", connection))
            await RunAsync(end, [at.Revision, at.At.UtcDateTime], cancellation);
        await using (var end = new NpgsqlCommand("update fleet_model.node set to_revision = $1, to_at = $2 where to_revision is null", connection))
            await RunAsync(end, [at.Revision, at.At.UtcDateTime], cancellation);
        await using (var end = new NpgsqlCommand(
            "update fleet_model.plan_move set ended_revision = $1, ended_at = $2, outcome = 'unknown' where ended_revision is null", connection))
            await RunAsync(end, [at.Revision, at.At.UtcDateTime], cancellation);
        await using (var clear = new NpgsqlCommand(
            "delete from fleet_model.service; delete from fleet_model.backend; delete from fleet_model.gslb_record", connection))
            await clear.ExecuteNonQueryAsync(cancellation);
        await using (var gap = new NpgsqlCommand("insert into fleet_model.gap (from_revision, to_revision) values ($1, $2)", connection))
            await RunAsync(gap, [from.Revision + 1, at.Revision], cancellation);
        await using (var said = new NpgsqlCommand(
            """
            insert into fleet_model.event (revision, ordinal, who, what, subject, why, sentence, detail)
            values ($1, 0, 'projection', 'history-gap', '{}', $2, $3, jsonb_build_object('kind', 'history-gap', 'from', $4, 'to', $1))
            """, connection))
        {
            var why = "the read model could not be written for so long that the journal had dropped them";
            var sentence = $"Revisions {from.Revision + 1} to {at.Revision} are not known here: {why}.";
            await RunAsync(said, [at.Revision, why, sentence, from.Revision + 1], cancellation);
        }

        await WriteRowsAsync(connection, from, whole, cancellation);
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
        await using var move = new NpgsqlCommand(
            from.Cluster is null
                ? """
                  insert into fleet_model.position (cluster, revision, term, effective_at) values ($1, $2, $3, $4) on conflict do nothing
                  """
                : """
                  update fleet_model.position set cluster = $1, revision = $2, term = $3, effective_at = $4, written_at = now() where revision = $5
                  """,
            connection);
        object[] values = [to.Cluster!, to.Revision, to.Term, to.EffectiveAt.UtcDateTime];
        if (await RunAsync(move, from.Cluster is null ? values : [.. values, from.Revision], cancellation) != 1)
            throw new PositionMovedException(from.Revision);
        return to;
    }

    private static async Task WriteRowsAsync(NpgsqlConnection connection, ReadPosition from, ProjectedBatch batch, CancellationToken cancellation)
    {
        var effective = from.EffectiveAt;
        var entries = new List<object?[]>();
        foreach (var entry in batch.Entries.Select(e => e.Entry))
            entries.Add(Tables.Row(entry, effective = entry.At > effective ? entry.At : effective));
        await Tables.Entry.InsertAsync(connection, entries, cancellation);
        await Tables.Event.InsertAsync(
            connection, [.. batch.Entries.SelectMany(e => e.Events.Select(row => Tables.Row(e.Entry, row)))], cancellation);
        await CloseAsync(connection, "vip", "address", "inet", [.. batch.VipsClosed.Select(c => (c.Key.ToString(), c.At))], cancellation);
        await Tables.Vip.InsertAsync(connection, [.. batch.Vips.Select(v => Tables.Row(v.Row, v.When))], cancellation);
        await CloseAsync(connection, "node", "name", "text", [.. batch.NodesClosed.Select(c => (c.Key, c.At))], cancellation);
        await Tables.Node.InsertAsync(connection, [.. batch.Nodes.Select(n => Tables.Row(n.Row, n.When))], cancellation);
        await EndMovesAsync(connection, batch, cancellation);
        await Tables.Move.InsertAsync(connection, [.. batch.Moves.Select(m => Tables.Row(m.Row, m.When))], cancellation);
        await Tables.Service.DeleteAsync(connection, [.. batch.Services.Select(s => new[] { s.Key })], cancellation);
        await Tables.Service.InsertAsync(connection, [.. Present(batch.Services, Tables.Row)], cancellation);
        await Tables.Backend.DeleteAsync(connection, [.. batch.Backends.Select(b => new[] { b.Key.Service.Value, b.Key.Backend })], cancellation);
        await Tables.Backend.InsertAsync(connection, [.. Present(batch.Backends, Tables.Row)], cancellation);
        await Tables.Gslb.DeleteAsync(
            connection, [.. batch.Gslb.Select(g => new[] { g.Key.Service, g.Key.Name, g.Key.Type, g.Key.Data })], cancellation);
        await Tables.Gslb.InsertAsync(connection, [.. Present(batch.Gslb, Tables.Row)], cancellation);
    }

    private static IEnumerable<object?[]> Present<TKey, TRow>(IEnumerable<(TKey, TRow? Row, Moment At)> changes, Func<TRow, Moment, object?[]> make)
        where TRow : class => changes.Where(c => c.Row is not null).Select(c => make(c.Row!, c.At));

    private static async Task CloseAsync(
        NpgsqlConnection connection, string table, string key, string type, (string Key, Moment At)[] closed, CancellationToken cancellation)
    {
        if (closed.Length == 0)
            return;
        await using var close = new NpgsqlCommand(
            $"""
            update fleet_model.{table} t set to_revision = c.revision, to_at = c.at
            from unnest($1::text[]::{type}[], $2, $3) as c(key, revision, at) where t.{key} = c.key and t.to_revision is null
            """, connection);
        await RunAsync(
            close,
            [closed.Select(c => c.Key).ToArray(), closed.Select(c => c.At.Revision).ToArray(), closed.Select(c => c.At.At.UtcDateTime).ToArray()],
            cancellation);
    }

    private static async Task EndMovesAsync(NpgsqlConnection connection, ProjectedBatch batch, CancellationToken cancellation)
    {
        if (batch.EndedMoves.Count == 0)
            return;
        await using var end = new NpgsqlCommand(
            """
            update fleet_model.plan_move t set ended_revision = c.revision, ended_at = c.at, outcome = c.outcome
            from unnest($1, $2, $3, $4) as c(vip, revision, at, outcome) where t.vip = c.vip and t.ended_revision is null
            """, connection);
        await RunAsync(
            end,
            [
                batch.EndedMoves.Select(m => m.Vip).ToArray(),
                batch.EndedMoves.Select(m => m.At.Revision).ToArray(),
                batch.EndedMoves.Select(m => m.At.At.UtcDateTime).ToArray(),
                batch.EndedMoves.Select(m => m.Outcome).ToArray(),
            ],
            cancellation);
    }

    private static async Task NotifyAsync(NpgsqlConnection connection, long revision, CancellationToken cancellation)
    {
        await using var notify = new NpgsqlCommand($"select pg_notify('{Channel}', $1)", connection);
        await RunAsync(notify, [$"{revision}"], cancellation);
    }

    private static async Task<int> RunAsync(NpgsqlCommand command, object[] values, CancellationToken cancellation)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
