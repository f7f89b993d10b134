using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>A table of the read model that is made anew beside the old one, in the session's temporary schema: it goes with the session.</summary>
/// <param name="Keys">What tells its rows apart: the primary key.</param>
internal sealed record RebuiltTable(string Name, params string[] Keys)
{
    /// <summary>The schema of those that are made beside.</summary>
    public const string Beside = "pg_temp";

    /// <summary>All that follow from the journal.</summary>
    public static readonly IReadOnlyList<RebuiltTable> All =
    [
        new("entry", "revision"),
        new("event", "revision", "ordinal"),
        new("vip", "address", "from_revision"),
        new("node", "name", "from_revision"),
        new("service", "name"),
        new("backend", "service", "name"),
        new("gslb_record", "service", "name", "type", "data"),
        new("node_weight", "node"),
        new("plan_move", "vip", "began_revision", "planned"),
    ];

    private string SameKeys => string.Join(" and ", Keys.Select(key => $"n.{key} = o.{key}"));

    public Task<int> CreateAsync(NpgsqlConnection connection, CancellationToken cancellation) => BatchRows.RunAsync(
        connection, $"create temporary table {Name} (like {BatchRows.ReadModel}.{Name} including all) on commit drop", cancellation);

    /// <summary>
    /// Rows that are not in the new table go, those that are missing come. Readers go on meanwhile, and see the old rows until the transaction
    /// commits: tables that took each other's names would be empty to whoever began to read before.
    /// </summary>
    /// <returns>How many rows were wrong, too many or missing; one that was wrong counts once.</returns>
    public async Task<long> MergeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await BatchRows.RunAsync(connection, $"analyze {Beside}.{Name}", cancellation);
        var gone = await BatchRows.RunAsync(
            connection,
            $"""
            delete from {BatchRows.ReadModel}.{Name} o
            where not exists (select from {Beside}.{Name} n where {SameKeys} and row(n.*) is not distinct from row(o.*))
            """,
            cancellation);
        var come = await BatchRows.RunAsync(
            connection,
            $"""
            insert into {BatchRows.ReadModel}.{Name}
            select n.* from {Beside}.{Name} n where not exists (select from {BatchRows.ReadModel}.{Name} o where {SameKeys})
            """,
            cancellation);
        return Math.Max(gone, come);
    }
}
