using Fleet.Coordinator.Tests.Postgres;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>Schemas are changed by who migrates, in order, once.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class MigratorTests(ReadModelServer server)
{
    private static readonly Migration First = new(1, "one", "create table things.one (n int); insert into things.one values (1)");
    private static readonly Migration Second = new(2, "two", "alter table things.one add column m int not null default 2");

    [PostgresFact]
    public async Task Missing_versions_are_applied_in_order_and_once_though_several_do_it_at_once()
    {
        await using var source = NpgsqlDataSource.Create(server.Server.ConnectionString(await server.DatabaseAsync()));
        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var connection = await source.OpenConnectionAsync();
            return await Migrator.ApplyAsync(connection, Files(First, Second), default);
        }));
        applied.SelectMany(a => a).Order(Comparer<Migration>.Create((a, b) => a.Number - b.Number)).ShouldBe([First, Second]);
        (await source.LinesAsync("select n, m from things.one")).ShouldBe(["1 | 2"]);
        (await source.LinesAsync("select version, name, checksum from things.schema_version order by 1"))
            .ShouldBe([$"1 | one | {First.Checksum}", $"2 | two | {Second.Checksum}"]);
    }

    [PostgresFact]
    public async Task Migration_that_fails_leaves_the_version_before_whole()
    {
        await using var source = NpgsqlDataSource.Create(server.Server.ConnectionString(await server.DatabaseAsync()));
        await using var connection = await source.OpenConnectionAsync();
        var broken = new Migration(2, "two", "insert into things.one values (2); select no_such_thing()");
        await Should.ThrowAsync<PostgresException>(() => Migrator.ApplyAsync(connection, Files(First, broken), default));
        (await Migrator.LookAsync(connection, Files(First, broken), default)).Version.ShouldBe(1);
        (await source.LinesAsync("select n from things.one")).ShouldBe(["1"]);
        (await Migrator.ApplyAsync(connection, Files(First, Second), default)).ShouldBe([Second]);
    }

    [PostgresFact]
    public async Task Program_that_only_looks_says_what_is_there_what_is_needed_and_what_to_type()
    {
        await using var source = NpgsqlDataSource.Create(server.Server.ConnectionString(await server.DatabaseAsync()));
        await using var connection = await source.OpenConnectionAsync();
        (await ProblemAsync(Files(First, Second))).ShouldContain("has no schema things; version 2 is needed. Make it with: pbm store migrate");
        await Migrator.ApplyAsync(connection, Files(First), default);
        (await ProblemAsync(Files(First, Second))).ShouldContain("has version 1, and 2 is needed. Bring it there with: pbm store migrate");
        await Migrator.ApplyAsync(connection, Files(First, Second), default);
        await Migrator.ExpectAsync(connection, Files(First, Second), default);
        (await ProblemAsync(Files(First))).ShouldContain("has version 2, which is newer than the 1 that this program knows");
        (await ProblemAsync(Files(First with { Sql = "select 1" }, Second))).ShouldContain("another text of migration 0001-one");
        await Should.ThrowAsync<SchemaMismatchException>(() => Migrator.ApplyAsync(connection, Files(First), default));
        await Should.ThrowAsync<SchemaMismatchException>(
            () => Migrator.ApplyAsync(connection, Files(First, Second with { Sql = "select 1" }, new Migration(3, "three", "select 3")), default));

        async Task<string> ProblemAsync(SchemaFiles files) =>
            (await Should.ThrowAsync<SchemaMismatchException>(() => Migrator.ExpectAsync(connection, files, default))).Message;
    }

    private static SchemaFiles Files(params Migration[] migrations) => new("things", [.. migrations]);
}
