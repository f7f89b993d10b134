using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Conflicts;

/// <summary>
/// Whoever answers for a VIP of this node may do so to one client, where nobody else hears it. So each VIP that is held is asked for once in a round,
/// evenly over the time: 1,000 VIPs are 33 frames a second.
/// </summary>
internal sealed class ProbeRound
{
    private Instant? _last;
    private double _due;
    private int _next;

    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The VIPs to ask for now.</summary>
    public ImmutableArray<VipAddress> Next(ImmutableSortedSet<VipAddress> held, Instant now)
    {
        _due += held.Count * ((now - (_last ?? now)) / Period);
        _last = now;
        var count = Math.Min((int)_due, held.Count); // after a stall not more than one round
        _due = Math.Min(_due - count, 1);
        var first = held.Count == 0 ? 0 : _next % held.Count;
        _next = first + count;
        return [.. Enumerable.Range(first, count).Select(i => held[i % held.Count])];
    }
}
