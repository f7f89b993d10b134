using Fleet.Demo.Processes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// What is promised when a relay alone dies: its node's VIPs are served again within 300 ms, by the same node, and nobody else notices.
/// </summary>
public sealed class LostRelayTests
{
    private const double PromisedMs = 300;

    [Fact]
    public async Task Killed_relay_is_replaced_by_its_spare_within_300_ms_and_no_vip_moves()
    {
        await using var fleet = await LivingFleet.StartAsync();
        var outages = new List<double>();
        foreach (var node in new[] { "adc-1", "adc-2", "adc-3", "adc-4", "adc-2" })
            outages.Add(await KillRelayAsync(fleet, NodeName.Parse(node)));
        await fleet.StopClientsAsync();
        outages.Max().ShouldBeLessThanOrEqualTo(PromisedMs, $"each outage {string.Join(", ", outages)} ms\n{fleet.Logs()}");
        fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }

    /// <summary>Returns for how many milliseconds a VIP of that node was not served, beyond what the machine made every VIP wait.</summary>
    private static async Task<double> KillRelayAsync(LivingFleet fleet, NodeName doomed)
    {
        var spare = await ReadySpareAsync(fleet, doomed);
        var relay = await fleet.Processes.RelayAsync(doomed.Value, CancellationToken.None);
        var before = await fleet.Api.MapAsync(CancellationToken.None);
        var lost = before.Vips.Values.Where(v => v.Owner == doomed).Select(v => v.Address).ToArray();
        lost.ShouldNotBeEmpty();
        var killed = fleet.Clock.Now;
        ChildProcess.Send(relay, Signal.Kill);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var until = fleet.Clock.Now;
        (await fleet.Processes.RelayAsync(doomed.Value, CancellationToken.None)).ShouldBe(spare, fleet.Logs());
        var after = await fleet.Api.MapAsync(CancellationToken.None);
        Owners(after).ShouldBe(Owners(before), fleet.Logs());
        after.Vips.Values.ShouldAllBe(v => v.Phase == VipPhase.Serving);
        fleet.FailedElsewhere(lost, killed, until).ShouldBe(0, $"{string.Join(", ", lost)} were out\n{fleet.Failures(killed, until)}");
        var stall = fleet.LongestOutage(before.Vips.Keys.Except(lost), killed, until).TotalMilliseconds;
        return fleet.LongestOutage(lost, killed, until).TotalMilliseconds - LivingFleet.Excess(stall);
    }

    private static IEnumerable<(VipAddress, NodeName?)> Owners(FleetMap map) => map.Vips.Values.Select(v => (v.Address, v.Owner));

    private static async Task<int> ReadySpareAsync(LivingFleet fleet, NodeName node)
    {
        using var patience = new CancellationTokenSource(LivingFleet.Patience);
        while (true)
        {
            if (await fleet.Processes.SpareAsync(node.Value, patience.Token) is { } spare)
                return spare;
            await Task.Delay(50, patience.Token);
        }
    }
}
