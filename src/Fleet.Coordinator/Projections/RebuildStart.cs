using Fleet.Coordinator.Journal;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// Where a rebuild begins: at the first entry, or, where older ones were dropped or never here, at the oldest state that is kept. What is known of
/// the time before, such as since when a node is up, is taken over from the tables as they are: nothing else has it.
/// </summary>
internal static class RebuildStart
{
    private static readonly (string Table, string Key)[] Stretches = [("vip", "address"), ("node", "name")];

    /// <summary>The revision whose state is kept; 0 is the beginning of the journal.</summary>
    public static async Task<long> FindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var find = new NpgsqlCommand(
            """
            select coalesce((
                select case when e.first > 1 or exists (select from fleet_model.gap g where g.to_revision = e.first) then e.first end
                from (select min(revision) as first from fleet_model.entry) e), 0)
            """, connection);
        return (long)(await find.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The first gap that ends after a revision.</summary>
    public static async Task<(long From, long To)?> NextGapAsync(NpgsqlConnection connection, long after, CancellationToken cancellation)
    {
        await using var find = new NpgsqlCommand(
            "select from_revision, to_revision from fleet_model.gap where to_revision > $1 order by to_revision limit 1", connection);
        find.Parameters.AddWithValue(after);
        await using var row = await find.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }

    /// <summary>An entry without its events, and its effective time.</summary>
    public static async Task<(JournalEntry Entry, DateTimeOffset Effective)> HeadAsync(
        NpgsqlConnection connection, long revision, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            "select term, at, effective_at, by_name, by_proof, by_address from fleet_model.entry where revision = $1", connection);
        read.Parameters.AddWithValue(revision);
        await using var row = await read.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
            throw new HistoryMissingException(revision);
        var by = Checkpoints.By(row.GetString(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5));
        return (new JournalEntry(revision, row.GetInt64(0), new DateTimeOffset(row.GetDateTime(1)), by, []), new DateTimeOffset(row.GetDateTime(2)));
    }

    /// <summary>What was so at the first revision, and had been for longer, keeps its beginning.</summary>
    public static async Task KeepOlderAsync(NpgsqlConnection connection, long first, CancellationToken cancellation)
    {
        foreach (var (table, key) in Stretches)
            await BatchRows.RunAsync(
                connection,
                $"""
                update pg_temp.{table} n set from_revision = o.from_revision, from_at = o.from_at from fleet_model.{table} o
                where o.{key} = n.{key} and o.from_revision < $1 and (o.to_revision is null or o.to_revision > $1)
                """,
                cancellation,
                first);
        foreach (var table in Tables.Present)
        {
            var same = string.Join(" and ", table.Columns.Take(table.Keys).Select(column => $"o.{column.Name} = n.{column.Name}"));
            await BatchRows.RunAsync(
                connection,
                $"""
                update pg_temp.{table.Name} n set revision = o.revision, at = o.at from fleet_model.{table.Name} o
                where {same} and o.revision < $1
                """,
                cancellation,
                first);
        }

        await BatchRows.RunAsync(
            connection,
            """
            delete from pg_temp.plan_move n using fleet_model.plan_move o
            where o.vip = n.vip and o.began_revision <= $1 and (o.ended_revision is null or o.ended_revision > $1)
            """,
            cancellation,
            first);
        var columns = string.Join(", ", Tables.Move.Columns.Select(column => column.Name));
        var ended = string.Join(", ", Tables.Move.Columns.Select(column => column.Name switch
        {
            "ended_revision" or "ended_at" => $"case when ended_revision <= $1 then {column.Name} end",
            "outcome" => "case when ended_revision <= $1 then outcome else 'moving' end",
            var name => name,
        }));
        await BatchRows.RunAsync(
            connection,
            $"insert into pg_temp.plan_move ({columns}) select {ended} from fleet_model.plan_move where began_revision <= $1",
            cancellation,
            first);
    }
}
