using Fleet.Demo.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>The fleet goes on without its coordinator, and the coordinator goes on where it was.</summary>
public sealed class CoordinatorTests
{
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
        var after = await fleet.UntilAsync(map => map.Version.Term > before.Version.Term && fleet.Formed.Nodes.Count == map.Nodes.Count, "the coordinator to lead again");
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
