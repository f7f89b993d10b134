using Fleet.Demo.Processes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests.Wan;

/// <summary>What one node's sudden end cost: <c>kill -9</c> of agent and relay in one moment.</summary>
/// <param name="OutageMs">The longest time one of its VIPs was not served; without what the machine stood still for.</param>
/// <param name="Story">For a failure's message.</param>
public sealed record NodeKill(double OutageMs, string Story)
{
    /// <summary>Two probes apart is what a VIP of an untouched node shows on a machine that has time.</summary>
    private const double ProbesApartMs = 10;

    /// <summary>How many kills a test makes where one shows that it works: 1 unless FLEET_ROUNDS says otherwise.</summary>
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("FLEET_ROUNDS"), out var rounds) ? rounds : 1;

    /// <summary>
    /// Kills a node and watches its VIPs until the bound is well over, whether they were found or not. It waits until no VIP is on its way: one that
    /// the node was about to hand over would be lost with it, and count as an untouched one.
    /// </summary>
    public static async Task<NodeKill> OfAsync(LivingFleet fleet, string doomed, TimeSpan bound)
    {
        var before = await fleet.UntilAsync(
            map => map.Vips.Values.All(v => v is { Phase: VipPhase.Serving, Successor: null }), "no VIP to be on its way");
        var lost = before.Vips.Values.Where(v => v.Owner == NodeName.Parse(doomed)).Select(v => v.Address).ToArray();
        lost.ShouldNotBeEmpty();
        var relay = await fleet.Processes.RelayAsync(doomed, CancellationToken.None);
        var killed = fleet.Clock.Now;
        fleet.Processes.Nodes[doomed].Agent.Send(Signal.Kill);
        ChildProcess.Send(relay, Signal.Kill);
        await Task.Delay(bound + TimeSpan.FromMilliseconds(700));
        var until = fleet.Clock.Now;
        var outage = fleet.LongestOutage(lost, killed, until).TotalMilliseconds;
        var stall = fleet.LongestOutage(before.Vips.Keys.Except(lost), killed, until).TotalMilliseconds;
        var story = $"{doomed}: out for {outage} ms, untouched VIPs for {stall} ms, watched for {(until - killed).TotalMilliseconds} "
            + $"ms\n{fleet.Logs()}";
        outage.ShouldBeGreaterThan(1, $"nobody has missed {story}");
        return new NodeKill(outage - Math.Max(0, stall - ProbesApartMs), story);
    }

    /// <summary>
    /// Kills the node that has been there longest, and expects its VIPs within the bound. A new node takes its place: one that comes back too often
    /// would be damped.
    /// </summary>
    public static async Task OldestIsReplacedAsync(LivingFleet fleet, TimeSpan bound, string when)
    {
        var living = fleet.Processes.Nodes.Values.Where(n => !n.Agent.HasExited).OrderBy(n => n.Number).ToArray();
        var kill = await OfAsync(fleet, living[0].Name, bound);
        fleet.Processes.StartNode($"adc-{fleet.Processes.Nodes.Count + 1}");
        kill.OutageMs.ShouldBeLessThanOrEqualTo(bound.TotalMilliseconds, $"{when}: {kill.Story}");
        await fleet.SettledAsync(living.Length);
    }
}
