using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>The servers that the other tests rely on.</summary>
public sealed class EtcdClusterTests : IDisposable
{
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    [EtcdFact]
    public async Task Member_that_was_killed_comes_back_with_its_data_and_nothing_is_left_at_the_end()
    {
        await using var cluster = await EtcdCluster.StartAsync(new EtcdOptions(), _bound.Token);
        var leader = await cluster.RaftLeaderAsync(_bound.Token);
        await cluster.Admin.CallAsync(leader, "/v3/kv/put", new JsonObject { ["key"] = "YQ==", ["value"] = "Yg==" }, _bound.Token);
        await leader.KillAsync();
        (await cluster.Admin.IsHealthyAsync(leader, _bound.Token)).ShouldBeFalse();
        var next = await cluster.RaftLeaderAsync(_bound.Token);
        next.Name.ShouldNotBe(leader.Name);
        leader.Start();
        await cluster.BecomeHealthyAsync(_bound.Token);
        var read = await cluster.Admin.CallAsync(leader, "/v3/kv/range", new JsonObject { ["key"] = "YQ==" }, _bound.Token);
        $"{read["kvs"]![0]!["value"]}".ShouldBe("Yg==");
        var pids = cluster.Members.Select(member => member.Pid).ToArray();
        await cluster.DisposeAsync();
        foreach (var pid in pids)
            Should.Throw<ArgumentException>(() => Process.GetProcessById(pid));
    }

    [EtcdFact]
    public async Task Cluster_with_password_and_tls_lets_in_who_has_both()
    {
        await using var cluster = await EtcdCluster.StartAsync(new EtcdOptions { Members = 1, Password = "secret", Tls = true }, _bound.Token);
        var get = new JsonObject { ["key"] = "YQ==" };
        await Should.ThrowAsync<InvalidOperationException>(() => cluster.Admin.CallAsync(cluster.Members[0], "/v3/kv/range", get, _bound.Token));
        using var stranger = new EtcdAdmin(null);
        (await stranger.IsHealthyAsync(cluster.Members[0], _bound.Token)).ShouldBeFalse();
    }

    [EtcdFact]
    public async Task Whatever_becomes_of_the_process_that_started_servers_none_is_left()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-guard-").FullName;
        using var server = Process.Start("/bin/sleep", "600");
        var guard = new ServerGuard(folder);
        guard.Add(server.Id);
        guard.Dispose();
        await server.WaitForExitAsync(_bound.Token);
        Directory.Exists(folder).ShouldBeFalse();
    }

    public void Dispose() => _bound.Dispose();
}
