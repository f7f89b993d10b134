using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>The views are what docs/SQL.md says, and change only with a new version of the schema.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class SqlContractTests(ReadModelServer server)
{
    private static readonly string Document = File.ReadAllText(Checkout.File("docs/SQL.md"));

    [PostgresFact]
    public async Task Columns_of_the_views_are_those_of_the_golden_file_and_of_the_document()
    {
        await using var source = await server.ReadModelAsync();
        var columns = await source.LinesAsync(
            """
            select table_name || ' ' || column_name || ' ' ||
                case data_type when 'ARRAY' then 'text[]' when 'timestamp with time zone' then 'timestamptz' else data_type end
            from information_schema.columns where table_schema = 'fleet' and table_name <> 'schema_version' order by table_name, ordinal_position
            """);
        var version = $"version {SchemaFiles.ReadModel.Newest}, {SchemaFiles.ReadModel.Migrations[^1].Checksum[..12]}";
        Golden.Match("views.txt", string.Join('\n', [version, .. columns]) + "\n");
        var told = Columns(Document.Split('\n'));
        told.Order(StringComparer.Ordinal).ShouldBe(columns.Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task Every_query_of_the_document_runs_for_who_may_only_read()
    {
        var database = await server.DatabaseAsync();
        await using var source = NpgsqlDataSource.Create(server.Server.ConnectionString(database, PostgresServer.Admin));
        await using var connection = await source.OpenConnectionAsync();
        await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default);
        var (state, rows) = (FleetState.Empty, new List<ProjectedEntry>());
        foreach (var (entry, _) in new RandomHistory(5).Take(200))
        {
            (state, var row) = Projection.Project(state, entry);
            rows.Add(row);
        }

        await BatchWriter.WriteAsync(connection, ReadPosition.Empty, new ProjectedBatch(rows), state, true, default);
        await using var reader = await source.OpenConnectionAsync();
        await using (var become = new NpgsqlCommand("set role fleet_reader", reader))
            await become.ExecuteNonQueryAsync();
        var queries = Document.Split("```sql\n").Skip(1).Select(text => text[..text.IndexOf("```", StringComparison.Ordinal)]).ToArray();
        queries.Length.ShouldBe(10);
        foreach (var query in queries)
        {
            await using var ask = new NpgsqlCommand(query, reader);
            await using var answer = await ask.ExecuteReaderAsync();
            answer.FieldCount.ShouldBeGreaterThan(0, query);
        }

        foreach (var forbidden in new[] { "select * from fleet_model.vip", "delete from fleet.gap", "insert into fleet.gap values (1, 2, now())" })
        {
            await using var ask = new NpgsqlCommand(forbidden, reader);
            (await Should.ThrowAsync<PostgresException>(() => ask.ExecuteNonQueryAsync())).SqlState.ShouldBe("42501", forbidden);
        }
    }

    [PostgresFact]
    public async Task Migration_without_the_right_to_create_roles_says_what_to_do_and_goes_on()
    {
        await using var own = await PostgresServer.StartAsync(new PostgresServerOptions(Fsync: false));
        await own.CreateDatabaseAsync("fleet");
        await using var source = NpgsqlDataSource.Create(own.ConnectionString("fleet"));
        await using var connection = await source.OpenConnectionAsync();
        var said = new List<string>();
        connection.Notice += (_, notice) => said.Add(notice.Notice.MessageText);
        (await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default)).Length.ShouldBe(SchemaFiles.ReadModel.Newest);
        said.ShouldContain(text => text.Contains("create role fleet_reader nologin", StringComparison.Ordinal));
        (await source.LinesAsync("select count(*) from fleet.vip")).ShouldBe(["0"]);
    }

    /// <summary>The rows of the tables below a heading that names a view: <c>view column type</c>.</summary>
    private static IEnumerable<string> Columns(IEnumerable<string> lines)
    {
        string? view = null;
        foreach (var line in lines)
        {
            if (line.StartsWith('#'))
                view = line.StartsWith("### fleet.", StringComparison.Ordinal) ? line["### fleet.".Length..] : null;
            else if (view is not null && line.Split(" | ") is [['|', ' ', ..] column, var type, ..] && column != "| column" && type != "---")
                yield return $"{view} {column[2..]} {type}";
        }
    }
}
