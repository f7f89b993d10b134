using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.World;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm;

/// <summary>A host's sudden end in a fleet that was at rest.</summary>
/// <param name="Before">Who owned what.</param>
internal sealed record CalmKill(FleetMap Before, Instant At)
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1.2);

    /// <summary>What a VIP of an untouched node shows on a machine that has time: clients ask every 10 ms.</summary>
    private const double ProbesApartMs = 20;

    public static async Task<CalmKill> BeginAsync(StormFleet fleet, MonotonicClock clock, CancellationToken cancellation) =>
        new(await fleet.Api.MapAsync(cancellation), clock.Now);

    /// <summary>The longest time that a VIP of it was out, less what VIPs of others were: that was the machine. Null when it had none.</summary>
    public double? CostMs(VipClients clients, ImmutableArray<VipAddress> vips, string node)
    {
        var lost = vips.Where(vip => Before.Vips[vip].Owner?.Value == node).ToArray();
        if (lost.Length == 0)
            return null;
        var cost = LongestMs(clients, lost);
        return cost - Math.Max(0, LongestMs(clients, vips.Except(lost)) - ProbesApartMs);
    }

    private double LongestMs(VipClients clients, IEnumerable<VipAddress> vips) =>
        clients.LongestGap(vips, At, At + Watched).Gap is var gap ? (gap.Until - gap.From).TotalMilliseconds : 0;
}
