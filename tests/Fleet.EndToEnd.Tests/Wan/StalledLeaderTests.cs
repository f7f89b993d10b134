using Fleet.Demo.Processes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>
/// The coordinator stood still for a while, so that it has heard nothing of anybody when it goes on: that is no loss, and a node that dies afterwards
/// is found as fast as ever.
/// </summary>
public sealed class StalledLeaderTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Node_that_dies_after_the_leader_stood_still_is_found_as_fast_as_ever()
    {
        await using var fleet = await LivingFleet.StartAsync(5);
        foreach (var stallMs in Enumerable.Repeat<int[]>([300, 1000, 5000], NodeKill.Rounds).SelectMany(s => s))
        {
            var before = await fleet.Api.MapAsync(CancellationToken.None);
            fleet.Processes.Coordinator!.Send(Signal.Stop);
            await Task.Delay(stallMs);
            fleet.Processes.Coordinator.Send(Signal.Continue);
            await AllHeardAsync(fleet);
            Owners(await fleet.Api.MapAsync(CancellationToken.None)).ShouldBe(
                Owners(before), $"nobody died while the leader stood still for {stallMs} ms\n{fleet.Logs()}");
            await NodeKill.OldestIsReplacedAsync(fleet, Bound, $"after {stallMs} ms");
        }

        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }

    private static (VipAddress Vip, NodeName? Owner)[] Owners(FleetMap map) => [.. map.Vips.Values.Select(v => (v.Address, v.Owner))];

    private static async Task AllHeardAsync(LivingFleet fleet)
    {
        using var patience = new CancellationTokenSource(HeardWithin);
        while (true)
        {
            var nodes = await fleet.Api.NodesAsync(patience.Token);
            if (nodes.Where(n => n.Entry.Presence == NodePresence.Up).All(n => n.SilentMs < 200))
                return;
            await Task.Delay(20, patience.Token);
        }
    }
}
