using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Demo.Servers;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests;

/// <summary>The fleet's history goes from one store to another while its clients are served: docs/RUNBOOK.md, Copy, move and restore.</summary>
[Trait(Beside.Trait, Beside.Others)]
public sealed class MoveTests : IDisposable
{
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(5));

    private CancellationToken Bound => _bound.Token;

    public void Dispose() => _bound.Dispose();

    [ServersFact]
    public async Task Fleet_moves_from_a_folder_to_etcd_and_on_to_postgres_and_no_vip_moves_and_no_request_fails()
    {
        await using var fleet = await LivingFleet.StartAsync(nodes: 3);
        await fleet.Processes.StartServersAsync(DemoStore.Etcd, withPostgres: true, Bound);
        var before = await LateService.ApplyAsync(fleet, "late", 150);
        var from = fleet.Clock.Now;

        var led = await fleet.Processes.StoreAsync(Bound, "export", "--out", fleet.File("early"), "--final", "etcd");
        led.Code.ShouldBe(1, led.Said);
        Runbook.Shows("store-led", led.Said);
        foreach (var (store, where) in new[] { (DemoStore.Etcd, "the etcd of this test"), (DemoStore.Postgres, "the database of this test") })
        {
            await StopAsync(fleet.Processes.Coordinator!);
            var export = await fleet.Processes.StoreAsync(Bound, "export", "--out", fleet.File($"to-{store}"), "--final", where);
            export.Code.ShouldBe(0, export.Said);
            fleet.Processes.Store = store;
            var import = await fleet.Processes.StoreAsync(Bound, "import", fleet.File($"to-{store}"));
            import.Code.ShouldBe(0, import.Said);
            Runbook.Shows("store-imported", import.Said);
            fleet.Processes.StartCoordinator();
            var after = await fleet.UntilAsync(
                map => map.Version.Term > before.Version.Term && fleet.Formed.Nodes.Count == map.Nodes.Count, $"the fleet to go on in {store}");
            after.Version.Term.ShouldBe(before.Version.Term + 1, "the history is the same");
            after.Services.Keys.ShouldContain(new ServiceName("late"), "what was acknowledged in the old store is there");
            before = await fleet.SettledAsync(3);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), Bound);
        var until = fleet.Clock.Now;
        await fleet.StopClientsAsync();
        Owners(before).ShouldBe(Owners(fleet.Formed));
        fleet.Traffic.Samples.Where(s => !s.IsOk).ShouldBeEmpty(fleet.Logs());
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
        // A VIP that was given up would have been dark for all of the move; what is less is the machine's.
        fleet.LongestOutage(fleet.Formed.Vips.Keys, from, until).ShouldBeLessThan((until - from) / 2);
        await NobodyLeadsInAsync(fleet, DemoStore.File, 2);
        await NobodyLeadsInAsync(fleet, DemoStore.Etcd, 3);
    }

    /// <summary>
    /// etcd is lost with all its members. What the read model has comes back; what was acknowledged after the last that was projected does not, and
    /// nodes that worked by it obey all the same.
    /// </summary>
    [ServersFact]
    public async Task Etcd_that_is_lost_for_good_is_restored_from_the_read_model_and_nodes_that_knew_more_obey()
    {
        await using var fleet = await LivingFleet.StartAsync(nodes: 3, plan: usual => usual with { Store = DemoStore.Etcd, WithProjection = true });
        var servers = fleet.Processes.Servers!;
        var kept = await LateService.ApplyAsync(fleet, "kept", 150);
        await ProjectedAsync(servers.Postgres!, kept.Version.Revision);
        await servers.Postgres!.KillAsync();
        var lost = await LateService.ApplyAsync(fleet, "lost", 151);
        await fleet.UntilAsync(map => map.Vips.Values.All(v => v.Phase == VipPhase.Serving), "nodes to work by what will be lost");
        var from = fleet.Clock.Now;
        fleet.Processes.Coordinator!.Send(Signal.Kill);
        await fleet.Processes.Coordinator.WaitAsync(Bound);
        await servers.LoseEtcdAsync(Bound);
        await servers.Postgres.StartAgainAsync();

        var export = await fleet.Processes.StoreAsync(Bound, "export", "--read-model", "--out", fleet.File("restored"));
        export.Code.ShouldBe(0, export.Said);
        var import = await fleet.Processes.StoreAsync(Bound, "import", fleet.File("restored"));
        import.Code.ShouldBe(0, import.Said);
        Runbook.Shows("store-restored", import.Said);
        fleet.Processes.StartCoordinator();
        var after = await fleet.UntilAsync(
            map => map.Version > lost.Version && map.Nodes.Values.Count(n => n.Presence == NodePresence.Up) == 3, "the restored fleet to lead");
        after = await fleet.SettledAsync(3);
        after.Version.Revision.ShouldBeGreaterThan(lost.Version.Revision, "no number that a node knows is given again");
        after.Services.Keys.ShouldContain(new ServiceName("kept"));
        after.Services.Keys.ShouldNotContain(new ServiceName("lost"));
        await ProjectedAsync(servers.Postgres, after.Version.Revision - 1);
        var until = fleet.Clock.Now;
        await fleet.StopClientsAsync();
        Owners(after).ShouldBe(Owners(fleet.Formed));
        fleet.Traffic.Samples.Where(s => !s.IsOk).ShouldBeEmpty(fleet.Logs());
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
        fleet.LongestOutage(fleet.Formed.Vips.Keys, from, until).TotalMilliseconds.ShouldBeLessThan(1000);
    }

    private static async Task StopAsync(ChildProcess coordinator)
    {
        coordinator.Send(Signal.Term);
        await coordinator.WaitAsync(CancellationToken.None);
        await coordinator.DisposeAsync();
    }

    /// <summary>Of the service that was there from the beginning.</summary>
    private static IEnumerable<(VipAddress, NodeName?)> Owners(FleetMap map) =>
        map.Vips.Values.Where(v => v.Service == new ServiceName("web")).Select(v => (v.Address, v.Owner));

    private async Task NobodyLeadsInAsync(LivingFleet fleet, DemoStore old, int number)
    {
        fleet.Processes.Store = old;
        fleet.Processes.StartCoordinator(number);
        var stray = fleet.Processes.Coordinators[^1];
        await stray.WaitAsync(Bound);
        stray.ExitCode.ShouldBe(1);
        Runbook.Shows("store-moved", fleet.LogsOf($"coordinator-{number}"));
    }

    private async Task ProjectedAsync(PostgresServer server, long revision)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(server.ConnectionString(FleetServers.Database));
        while (true)
        {
            await using var command = source.CreateCommand("select coalesce(max(revision), 0) from fleet.position");
            if ((long)(await command.ExecuteScalarAsync(Bound))! >= revision)
                return;
            await Task.Delay(50, Bound);
        }
    }
}
