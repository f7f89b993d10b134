using Fleet.Coordinator.Projections.Rows;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>What a batch changes in the tables that follow the journal: those of the read model, or others like them beside it.</summary>
internal static class BatchRows
{
    /// <summary>The schema whose tables the views show.</summary>
    public const string ReadModel = "fleet_model";

    /// <param name="effective">Of the entry before the first.</param>
    public static async Task WriteAsync(
        NpgsqlConnection connection, DateTimeOffset effective, ProjectedBatch batch, CancellationToken cancellation, string schema = ReadModel)
    {
        var entries = new List<object?[]>();
        foreach (var entry in batch.Entries.Select(e => e.Entry))
            entries.Add(Tables.Row(entry, effective = entry.At > effective ? entry.At : effective));
        await Tables.Entry.InsertAsync(connection, entries, cancellation, schema);
        await Tables.Event.InsertAsync(
            connection, [.. batch.Entries.SelectMany(e => e.Events.Select(row => Tables.Row(e.Entry, row)))], cancellation, schema);
        await CloseAsync(connection, $"{schema}.vip", "address", "inet", [.. batch.VipsClosed.Select(c => (c.Key.ToString(), c.At))], cancellation);
        await Tables.Vip.InsertAsync(connection, [.. batch.Vips.Select(v => Tables.Row(v.Row, v.When))], cancellation, schema);
        await CloseAsync(connection, $"{schema}.node", "name", "text", [.. batch.NodesClosed.Select(c => (c.Key, c.At))], cancellation);
        await Tables.Node.InsertAsync(connection, [.. batch.Nodes.Select(n => Tables.Row(n.Row, n.When))], cancellation, schema);
        await EndMovesAsync(connection, schema, batch, cancellation);
        await Tables.Move.InsertAsync(connection, [.. batch.Moves.Select(m => Tables.Row(m.Row, m.When))], cancellation, schema);
        await PresentAsync(connection, schema, batch, cancellation);
    }

    /// <summary>Ends everything that says what is now, before a state that does not follow from it.</summary>
    public static async Task EndAllAsync(NpgsqlConnection connection, Moment at, CancellationToken cancellation, string schema = ReadModel)
    {
        foreach (var sql in new[]
        {
            $"update {schema}.vip set to_revision = $1, to_at = $2 where to_revision is null",
            $"update {schema}.node set to_revision = $1, to_at = $2 where to_revision is null",
            $"update {schema}.plan_move set ended_revision = $1, ended_at = $2, outcome = 'unknown' where ended_revision is null",
        })
            await RunAsync(connection, sql, cancellation, at.Revision, at.At.UtcDateTime);
        foreach (var table in Tables.Present)
            await RunAsync(connection, $"delete from {schema}.{table.Name}", cancellation);
    }

    /// <summary>Runs a statement and returns how many rows it touched.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The tables that say what is now, and nothing of what was.</summary>
    private static async Task PresentAsync(NpgsqlConnection connection, string schema, ProjectedBatch batch, CancellationToken cancellation)
    {
        await Tables.Service.DeleteAsync(connection, [.. batch.Services.Select(s => new[] { s.Key })], cancellation, schema);
        await Tables.Service.InsertAsync(connection, [.. Present(batch.Services, Tables.Row)], cancellation, schema);
        await Tables.Backend.DeleteAsync(
            connection, [.. batch.Backends.Select(b => new[] { b.Key.Service.Value, b.Key.Backend })], cancellation, schema);
        await Tables.Backend.InsertAsync(connection, [.. Present(batch.Backends, Tables.Row)], cancellation, schema);
        await Tables.Gslb.DeleteAsync(
            connection, [.. batch.Gslb.Select(g => new[] { g.Key.Service, g.Key.Name, g.Key.Type, g.Key.Data })], cancellation, schema);
        await Tables.Gslb.InsertAsync(connection, [.. Present(batch.Gslb, Tables.Row)], cancellation, schema);
        await Tables.Weight.DeleteAsync(connection, [.. batch.Weights.Select(w => new[] { w.Key })], cancellation, schema);
        await Tables.Weight.InsertAsync(connection, [.. Present(batch.Weights, Tables.Row)], cancellation, schema);
    }

    private static IEnumerable<object?[]> Present<TKey, TRow>(IEnumerable<(TKey, TRow? Row, Moment At)> changes, Func<TRow, Moment, object?[]> make)
        where TRow : class => changes.Where(c => c.Row is not null).Select(c => make(c.Row!, c.At));

    private static async Task CloseAsync(
        NpgsqlConnection connection, string table, string key, string type, (string Key, Moment At)[] closed, CancellationToken cancellation)
    {
        if (closed.Length > 0)
            await RunAsync(
                connection,
                $"""
                update {table} t set to_revision = c.revision, to_at = c.at
                from unnest($1::text[]::{type}[], $2, $3) as c(key, revision, at) where t.{key} = c.key and t.to_revision is null
                """,
                cancellation,
                closed.Select(c => c.Key).ToArray(),
                closed.Select(c => c.At.Revision).ToArray(),
                closed.Select(c => c.At.At.UtcDateTime).ToArray());
    }

    private static async Task EndMovesAsync(NpgsqlConnection connection, string schema, ProjectedBatch batch, CancellationToken cancellation)
    {
        if (batch.EndedMoves.Count > 0)
            await RunAsync(
                connection,
                $"""
                update {schema}.plan_move t set ended_revision = c.revision, ended_at = c.at, outcome = c.outcome
                from unnest($1, $2, $3, $4) as c(vip, revision, at, outcome) where t.vip = c.vip and t.ended_revision is null
                """,
                cancellation,
                batch.EndedMoves.Select(m => m.Vip).ToArray(),
                batch.EndedMoves.Select(m => m.At.Revision).ToArray(),
                batch.EndedMoves.Select(m => m.At.At.UtcDateTime).ToArray(),
                batch.EndedMoves.Select(m => m.Outcome).ToArray());
    }
}
