using Fleet.Demo.Servers;
using Npgsql;

namespace Fleet.Coordinator.Tests.Postgres;

/// <summary>What the tests of stores and projection rely on.</summary>
public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task Killed_server_has_what_was_committed_when_it_is_started_again_and_nobody_runs_meanwhile()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("one");
        await using var source = Source(server.ConnectionString("one"));
        await RunAsync(source, "create table kept(number int)");
        await RunAsync(source, "insert into kept values (7)");
        var backend = Convert.ToInt32(await RunAsync(source, "select pg_backend_pid()"));
        await server.KillAsync();
        ProcessTree.IsAlive(backend).ShouldBeFalse();
        await Should.ThrowAsync<NpgsqlException>(() => RunAsync(source, "select 1"));
        await server.StartAgainAsync();
        (await RunAsync(source, "select number from kept")).ShouldBe(7);
    }

    [PostgresFact]
    public async Task Frozen_server_answers_when_it_is_continued()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("one");
        await using var source = Source(server.ConnectionString("one"));
        await RunAsync(source, "select 1");
        server.Freeze();
        var asked = RunAsync(source, "select 2");
        await Task.Delay(200);
        asked.IsCompleted.ShouldBeFalse();
        server.Thaw();
        (await asked.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(2);
    }

    [PostgresFact]
    public async Task Nobody_comes_in_without_the_password_and_the_ordinary_role_is_no_superuser()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("one");
        await using var stranger = Source(new NpgsqlConnectionStringBuilder(server.ConnectionString("one")) { Password = "guess" }.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(stranger, "select 1"))).SqlState.ShouldBe("28P01");
        await using var source = Source(server.ConnectionString("one"));
        (await RunAsync(source, "select rolsuper from pg_roles where rolname = current_user")).ShouldBe(false);
    }

    [PostgresFact]
    public async Task Bouncer_gives_each_client_a_session_of_its_own()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var bouncer = await PgBouncer.StartAsync(server);
        await server.CreateDatabaseAsync("one");
        await using var source = Source(bouncer.ConnectionString("one"));
        await using var first = await source.OpenConnectionAsync();
        await using var second = await source.OpenConnectionAsync();
        var pids = new List<object?>();
        foreach (var connection in new[] { first, second, first, second })
        {
            await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
            pids.Add(await command.ExecuteScalarAsync());
        }

        pids[0].ShouldBe(pids[2]);
        pids[1].ShouldBe(pids[3]);
        pids[0].ShouldNotBe(pids[1]);
    }

    private static NpgsqlDataSource Source(string connection) => NpgsqlDataSource.Create(connection + ";Pooling=false");

    private static async Task<object?> RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
