using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Benchmarks.Storm.World;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Storm;

/// <summary>Everybody in the storm: the fleet, who asks it, who breaks it, and what was found.</summary>
/// <param name="Web">The VIPs that are always there.</param>
internal sealed record Weather(
    StormFleet Fleet,
    VipClients Clients,
    StallWatch Machine,
    Operator Hand,
    Injector Injector,
    Findings Findings,
    StormLog Log,
    ImmutableArray<VipAddress> Web,
    Instant Begun)
{
    private readonly LogReader _logs = new(Log.Folder);

    /// <summary>Holds what operators were told against the fleet, and looks for processes that ended and logs that complain.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        Findings.Lose(Hand.Check(await Fleet.Api.MapAsync(cancellation)));
        Findings.Crash(CrashJudge.Crashes(Fleet.NewlyEnded()));
        Findings.Crash(_logs.Alarms());
        await Fleet.RolesAsync(cancellation);
    }

    /// <summary>What an operator does afterwards: whoever was drained, cordoned, or lost too often, takes its share again.</summary>
    public async Task ForgiveAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var node in await Fleet.Api.NodesAsync(cancellation))
            {
                if (node.Entry.Intent is NodeIntent.Draining or NodeIntent.Cordoned || node.Waiting?.Reason is "flap-damping" or "probation")
                    await Hand.UndrainAsync(node.Entry.Name.Value, cancellation);
            }
        }
        catch (Exception e) when (Silence.Is(e, cancellation))
        {
            Log.Write($"nobody could be forgiven: {e.Message}");
        }
    }
}
