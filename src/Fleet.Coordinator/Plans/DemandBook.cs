using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Plans;

/// <summary>
/// What every VIP has asked for of late, in twenty coarse steps of the policy's window. A VIP's demand is a high percentile of these steps with a
/// margin. It is worth recording when it is off from the map's figure by a tenth, and by more than a hundredth of what an unknown VIP counts. While
/// the window is not full, a demand only rises: a new leader has seen too little to conclude that a VIP asks for less.
/// </summary>
internal sealed class DemandBook
{
    public const int Steps = 20;

    private const double Tolerance = 0.10;

    /// <summary>Connections per second below this are no news.</summary>
    private const long LeastCps = 10;

    private readonly Dictionary<VipAddress, DemandWindow> _windows = [];

    /// <summary>Takes a node's new counters; returns the VIPs whose demand is worth recording.</summary>
    public IEnumerable<VipDemand> Hear(FleetMap map, NodeLoad before, ImmutableSortedDictionary<VipAddress, VipCounters> counters, Instant now)
    {
        var step = TimeSpan.FromMilliseconds(Math.Max(1, map.Policy.Placement.DemandWindowMs / Steps));
        var told = new List<VipDemand>();
        long? least = null;
        foreach (var (address, after) in counters)
        {
            if (!before.Counters.TryGetValue(address, out var old) || !map.Vips.TryGetValue(address, out var vip))
                continue;
            if (!_windows.TryGetValue(address, out var window))
                _windows[address] = window = new DemandWindow(Steps);
            var bits = Math.Max(0, (after.BytesIn + after.BytesOut - old.BytesIn - old.BytesOut) * 8);
            var isStepOver = window.Add(bits, Math.Max(0, after.Connections - old.Connections), before.At, now, step);
            if (isStepOver && Estimate(vip, window, map.Policy.Placement, least ??= Math.Max(1, ProblemOf.UnknownBps(map) / 100)) is { } news)
                told.Add(news);
        }

        return told;
    }

    public void Forget(VipAddress vip) => _windows.Remove(vip);

    private static VipDemand? Estimate(VipEntry vip, DemandWindow window, PlacementPolicy policy, long leastBps)
    {
        var (bps, cps) = window.Percentile(policy.DemandPercentile);
        var measured = new VipDemand(
            vip.Address,
            Settled((long)(bps * policy.DemandMargin), vip.MeasuredBps, leastBps, window.IsFull),
            Settled((long)(cps * policy.DemandMargin), vip.MeasuredCps, LeastCps, window.IsFull));
        return (measured.Bps, measured.Cps) == (vip.MeasuredBps, vip.MeasuredCps) ? null : measured;
    }

    /// <summary>The recorded figure, unless the measured one is off by enough.</summary>
    private static long Settled(long measured, long told, long least, bool mayFall)
    {
        var isNews = Math.Abs(measured - told) > Math.Max(told * Tolerance, least);
        return isNews && (measured > told || mayFall) ? measured : told;
    }
}

/// <summary>The rates of one VIP over the last steps in which it was served.</summary>
internal sealed class DemandWindow(int steps)
{
    private readonly (float Bps, float Cps)[] _rates = new (float, float)[steps];
    private int _filled;
    private int _next;
    private double _bits;
    private double _connections;
    private double _seconds;

    public bool IsFull => _filled == steps;

    /// <summary>Adds what was counted between two moments; true when that ends a step.</summary>
    public bool Add(long moreBits, long moreConnections, Instant from, Instant to, TimeSpan step)
    {
        (_bits, _connections, _seconds) = (_bits + moreBits, _connections + moreConnections, _seconds + (to - from).TotalSeconds);
        if (_seconds < step.TotalSeconds)
            return false;
        _rates[_next] = ((float)(_bits / _seconds), (float)(_connections / _seconds));
        _next = (_next + 1) % steps;
        _filled = Math.Min(steps, _filled + 1);
        (_bits, _connections, _seconds) = (0, 0, 0);
        return true;
    }

    /// <summary>The rates that this part of the steps did not exceed, each dimension by itself (nearest rank).</summary>
    public (double Bps, double Cps) Percentile(double part)
    {
        var rank = Math.Clamp((int)Math.Ceiling(part * _filled) - 1, 0, Math.Max(0, _filled - 1));
        var seen = _rates.AsSpan(0, _filled).ToArray();
        return _filled == 0 ? default : (seen.Select(r => r.Bps).Order().ElementAt(rank), seen.Select(r => r.Cps).Order().ElementAt(rank));
    }
}
