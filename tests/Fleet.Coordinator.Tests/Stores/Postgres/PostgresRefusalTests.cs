using System.Diagnostics;
using System.Net;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

/// <summary>A database that cannot be used is told in words, soon, and without a secret.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresRefusalTests(PostgresServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>What a loaded machine may take longer.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    private string _connection = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.IsInstalled && PgBouncer.IsInstalled)
            (_connection, _) = await servers.NewStoreAsync();
    }

    public Task DisposeAsync() => _connection.Length == 0 ? Task.CompletedTask : servers.DropAsync(_connection);

    [PostgresFact]
    public Task Server_that_is_not_there() =>
        RefusesAsync(With(c => (c.Host, c.Port) = ("127.0.0.1", FreePort.Next())), "connection refused");

    [PostgresFact]
    public async Task Server_that_is_there_and_says_nothing()
    {
        using var mute = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await RefusesAsync(With(c => (c.Host, c.Port) = ("127.0.0.1", ((IPEndPoint)mute.LocalEndpoint).Port)), "does not answer in time");
    }

    [PostgresFact]
    public Task Wrong_password() => RefusesAsync(With(c => c.Password = "geheim"), "password authentication failed for user");

    [PostgresFact]
    public Task No_such_database() => RefusesAsync(With(c => c.Database = "nowhere"), "database \"nowhere\" does not exist");

    [PostgresFact]
    public async Task Too_many_connections()
    {
        var role = await PostgresServers.RunAsync(_connection, "select current_user");
        await PostgresServers.RunAsync(_connection, $"alter database \"{With(_ => { }).Database}\" connection limit 1");
        await using var only = new NpgsqlConnection(_connection + ";Pooling=false");
        await only.OpenAsync();
        role.ShouldNotBeNull();
        await RefusesAsync(With(_ => { }), "too many connections");
    }

    [PostgresFact]
    public async Task Missing_schema_ends_the_campaign_with_the_command_to_type()
    {
        await PostgresServers.RunAsync(_connection, "drop schema fleet_store cascade");
        await RefusesAsync(With(_ => { }), "pbm store migrate");
        await using var store = PostgresServers.Open(_connection);
        (await Should.ThrowAsync<SchemaMismatchException>(() => CampaignAsync(store))).Message.ShouldContain("pbm store migrate");
    }

    [PostgresFact]
    public async Task Schema_of_another_version_ends_the_campaign()
    {
        await PostgresServers.RunAsync(
            _connection, "insert into fleet_store.schema_version (version, name, checksum) values (99, 'of-tomorrow', '')");
        await using var store = PostgresServers.Open(_connection);
        (await Should.ThrowAsync<SchemaMismatchException>(() => CampaignAsync(store))).Message.ShouldContain("newer");
        await PostgresServers.RunAsync(_connection, "truncate fleet_store.schema_version");
        (await Should.ThrowAsync<SchemaMismatchException>(() => CampaignAsync(store))).Message.ShouldContain("pbm store migrate");
    }

    [PostgresFact]
    public async Task Candidate_leads_once_the_password_is_right()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("password");
        var right = With(_ => { }).Password!;
        await WriteAsync(file, "wrong");
        await using var store = PostgresServers.Open(With(c => c.Password = null).ConnectionString, passwordFile: file);
        var campaign = CampaignAsync(store);
        await Task.Delay(500);
        campaign.IsCompleted.ShouldBeFalse();
        await WriteAsync(file, right);
        (await campaign.WaitAsync(TimeSpan.FromSeconds(20))).IsValid.ShouldBeTrue();
    }

    private static async Task WriteAsync(string file, string password)
    {
        await File.WriteAllTextAsync(file, password + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static Task<Leadership> CampaignAsync(PostgresFleetStore store) =>
        store.CampaignAsync(new CoordinatorAddress("c1", null, null), CancellationToken.None);

    private static async Task RefusesAsync(NpgsqlConnectionStringBuilder connection, string words)
    {
        await using var store = PostgresServers.Open(connection.ConnectionString);
        Func<Task>[] acts =
        [
            () => store.LeaderAsync(CancellationToken.None),
            () => store.DeposeAsync(1, CancellationToken.None),
            () => store.LoadSnapshotAsync(CancellationToken.None),
            async () => await store.ReadAsync(1, CancellationToken.None).GetAsyncEnumerator().MoveNextAsync(),
            async () => await store.TailAsync(1, CancellationToken.None).GetAsyncEnumerator().MoveNextAsync(),
        ];
        foreach (var act in acts)
        {
            var since = Stopwatch.StartNew();
            var refusal = await Should.ThrowAsync<StoreUnreachableException>(act);
            since.Elapsed.ShouldBeLessThan(Soon + Slack);
            refusal.Message.ShouldContain(words);
            refusal.ToString().ShouldNotContain($"{connection.Password}");
        }
    }

    private NpgsqlConnectionStringBuilder With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var connection = new NpgsqlConnectionStringBuilder(_connection);
        change(connection);
        return connection;
    }
}
