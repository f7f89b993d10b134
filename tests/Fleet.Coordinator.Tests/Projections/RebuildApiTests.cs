using System.Net;
using Fleet.Coordinator.Tests.Api;
using Fleet.Coordinator.Tests.Hostile;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Coordinator.Tests.Stores;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Fleet.Shared.Api;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>A rebuild is asked of a coordinator that runs, and looked at, over its API.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class RebuildApiTests(ReadModelServer server)
{
    [PostgresFact]
    public async Task Leader_makes_the_read_model_anew_when_it_is_asked_and_follows_on()
    {
        var database = await server.DatabaseAsync();
        await using var source = NpgsqlDataSource.Create(server.Server.ConnectionString(database));
        await using (var connection = await source.OpenConnectionAsync())
            await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default);
        using var folder = new TemporaryFolder();
        var password = folder.File("password");
        await File.WriteAllTextAsync(password, server.Server.Password);
        File.SetUnixFileMode(password, UnixFileMode.UserRead);
        var at = $"Host=127.0.0.1;Port={server.Server.Endpoint.Port};Database={database};Username={PostgresServer.Role}";
        await using var child = await CoordinatorChild.StartWithAsync(
            $"fleet.coordinator.projection.connection=\"{at}\"", $"fleet.coordinator.projection.password-file=\"{password}\"");
        (await child.SendAsync(HttpMethod.Put, Routes.Service("web"), LeaderAndFollower.Web)).Status.ShouldBe(HttpStatusCode.OK);
        await FollowsAsync(child);
        (await child.GetAsync(Routes.Projection))["rebuild"].ShouldBeNull();
        await source.LinesAsync("update fleet_model.service set dns_name = 'wrong'");

        var (status, body) = await child.SendAsync(HttpMethod.Post, Routes.Rebuild);
        status.ShouldBe(HttpStatusCode.OK, body);
        await LeaderAndFollower.UntilAsync(async () => $"{(await child.GetAsync(Routes.Projection))["rebuild"]!["state"]}" is "done" or "failed");
        var rebuild = (await child.GetAsync(Routes.Projection))["rebuild"]!;
        $"{rebuild["state"]} {rebuild["changed"]} {rebuild["why"]}".ShouldBe("done 1 ");
        (await source.LinesAsync("select dns_name from fleet.service")).ShouldNotBe(["wrong"]);

        (await child.SendAsync(HttpMethod.Delete, Routes.Service("web"))).Status.ShouldBe(HttpStatusCode.OK);
        await FollowsAsync(child);
        (await source.LinesAsync("select count(*) from fleet.service")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Fleet_without_a_read_model_says_so()
    {
        await using var child = await CoordinatorChild.StartAsync();
        $"{(await child.GetAsync(Routes.Projection))["is-on"]}".ShouldBe("false");
        var (status, body) = await child.SendAsync(HttpMethod.Post, Routes.Rebuild);
        status.ShouldBe(HttpStatusCode.Conflict);
        body.ShouldContain("fleet.coordinator.projection.connection");
    }

    private static Task FollowsAsync(CoordinatorChild child) => LeaderAndFollower.UntilAsync(async () =>
    {
        var projection = await child.GetAsync(Routes.Projection);
        return projection["newest"]!.GetValue<long>() is > 0 and var newest && projection["revision"]!.GetValue<long>() == newest;
    });
}
