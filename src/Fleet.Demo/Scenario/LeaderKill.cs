using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Demo.Scenario;

/// <summary><c>kill -9</c> of the coordinator that leads, in a fleet that has others.</summary>
/// <param name="Gap">From the kill until another one said that it leads.</param>
/// <param name="MovedVips">VIPs that changed their owner meanwhile: there is no reason for any.</param>
internal sealed record LeaderKill(TimeSpan Gap, int MovedVips)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="TimeoutException">Nobody leads after 20 s.</exception>
    public static async Task<LeaderKill> CarryOutAsync(FleetProcesses fleet, MonotonicClock clock, CancellationToken cancellation)
    {
        var before = await fleet.Api.MapAsync(cancellation);
        var leader = (await fleet.Api.CoordinatorsAsync(cancellation)).First(each => each.Role == CoordinatorView.Leading).Name;
        var killedAt = clock.Now;
        fleet.Coordinators.Single(each => each.Name == leader).Send(Signal.Kill);
        // A map of a newer term is one that its leader has written to the store.
        var after = await fleet.Api.UntilAsync(map => map.Version.Term > before.Version.Term, Patience, "another coordinator to lead", cancellation);
        return new LeaderKill(clock.Now - killedAt, Verdicts.Moved(before, after));
    }
}
