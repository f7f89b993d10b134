using Fleet.Demo.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>The fleet goes on without its coordinator, and the coordinator goes on where it was.</summary>
public sealed class CoordinatorTests
{
    /// <summary>The simulation has it for thirty seconds.</summary>
    [Fact]
    public async Task Every_vip_is_served_again_by_its_owner_within_a_second_after_all_nodes_stood_still_without_a_coordinator()
    {
        await using var fleet = await LivingFleet.StartAsync();
        var before = await fleet.Api.MapAsync(CancellationToken.None);
        var pids = new List<int>();
        foreach (var node in fleet.Processes.Nodes.Values)
            pids.AddRange([node.Agent.Pid, await fleet.Processes.RelayAsync(node.Name, CancellationToken.None)]);
        fleet.Processes.Coordinator!.Send(Signal.Kill);
        await fleet.Processes.Coordinator.WaitAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(4));

        foreach (var pid in pids)
            ChildProcess.Send(pid, Signal.Stop);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        foreach (var pid in pids)
            ChildProcess.Send(pid, Signal.Continue);
        var continued = fleet.Clock.Now;
        await Task.Delay(TimeSpan.FromSeconds(4));
        var until = fleet.Clock.Now;
        foreach (var vip in before.Vips.Values)
        {
            var served = fleet.Probes.Samples(vip.Address.Value).Where(s => s.IsOk && s.Sent > continued).ToArray();
            served.Length.ShouldBeGreaterThan(50, $"{vip.Address} is served\n{fleet.Logs()}");
            (served[0].Done - continued).TotalMilliseconds.ShouldBeLessThanOrEqualTo(1000, $"{vip.Address}");
            served.ShouldAllBe(s => s.Node == vip.Owner!.Value.Value);
        }

        fleet.LongestOutage(before.Vips.Keys, continued + TimeSpan.FromSeconds(1), until).TotalMilliseconds.ShouldBeLessThan(1000);
        await fleet.StopClientsAsync();
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
        await fleet.Processes.Coordinator.DisposeAsync();
        fleet.Processes.StartCoordinator();
        await fleet.UntilAsync(
            map => map.Version.Term > before.Version.Term && map.Nodes.Count == before.Nodes.Count, "the coordinator to lead again");
        var settled = await fleet.SettledAsync(4);
        settled.Vips.Values.Select(v => (v.Address, v.Owner)).ShouldBe(before.Vips.Values.Select(v => (v.Address, v.Owner)));
    }

    [Fact]
    public async Task Dead_coordinator_fails_no_request_for_thirty_seconds_and_comes_back_with_the_same_owners_and_a_higher_term()
    {
        await using var fleet = await LivingFleet.StartAsync();
        var before = await fleet.Api.MapAsync(CancellationToken.None);
        var killed = fleet.Clock.Now;
        fleet.Processes.Coordinator!.Send(Signal.Kill);
        await fleet.Processes.Coordinator.WaitAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(30));
        await fleet.Processes.Coordinator.DisposeAsync();
        fleet.Processes.StartCoordinator();
        var after = await fleet.UntilAsync(
            map => map.Version.Term > before.Version.Term && fleet.Formed.Nodes.Count == map.Nodes.Count, "the coordinator to lead again");
        await fleet.SettledAsync(4);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var until = fleet.Clock.Now;
        var settled = await fleet.SettledAsync(4);
        await fleet.StopClientsAsync();

        fleet.Traffic.Samples.Count(s => s.Sent > killed).ShouldBeGreaterThan(1000);
        fleet.Traffic.Samples.Where(s => !s.IsOk).ShouldBeEmpty(fleet.Logs());
        // A VIP that was given up would have been dark for the thirty seconds; what is less is the machine's.
        fleet.LongestOutage(fleet.Formed.Vips.Keys, killed, until).TotalMilliseconds.ShouldBeLessThan(1000);
        after.Version.Term.ShouldBeGreaterThan(before.Version.Term);
        settled.Vips.Values.Select(v => (v.Address, v.Owner)).ShouldBe(before.Vips.Values.Select(v => (v.Address, v.Owner)));
    }
}
