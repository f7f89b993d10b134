using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>A node could not hold VIPs of a service.</summary>
/// <param name="Times">How often of late.</param>
/// <param name="Last">When it last said so.</param>
/// <param name="Lasts">The node's newest report still says so.</param>
/// <param name="IsOver">The node has come to serve one of them since.</param>
internal sealed record HoldFailure(int Times, Instant Last, bool Lasts, bool IsOver);

/// <summary>
/// What is held against a node that reported that it could not hold VIPs. For 10, 20, 40 seconds, at most a minute, it is given none of the same
/// service if another node may take them. Then it is tried with one, and gets the others when it serves that one: the cause may still be there, and
/// each try costs a VIP a second. Kept by service, because a port that is taken everywhere must not keep a node from all else. It ends after ten
/// minutes without a failure, or when an operator lets the node take VIPs (undrain).
/// </summary>
internal static class HoldFailures
{
    /// <summary>
    /// A relay's spare takes over within a tenth of a second, and a relay that is started within half a second. What ends sooner is no failure, and
    /// not worth an entry.
    /// </summary>
    public static readonly TimeSpan BlipMax = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>Takes the VIPs that the node's newest report says it should hold and could not take.</summary>
    public static NodeObserved Hear(NodeObserved node, ImmutableArray<VipAddress> missing, FleetMap map, Instant now)
    {
        if (missing.IsEmpty && node.Missing.IsEmpty && node.Failures.IsEmpty)
            return node;
        var since = missing.SequenceEqual(node.Missing)
            ? node.MissingSince
            : missing.Distinct().ToImmutableSortedDictionary(vip => vip, vip => node.MissingSince.GetValueOrDefault(vip, now));
        var lasting = since.Where(m => now - m.Value >= BlipMax && map.Vips.ContainsKey(m.Key)).Select(m => map.Vips[m.Key].Service).ToHashSet();
        var failures = node.Failures.Where(f => now - f.Value.Last <= Memory)
            .ToImmutableSortedDictionary(f => f.Key, f => f.Value.Lasts && !lasting.Contains(f.Key) ? f.Value with { Lasts = false } : f.Value)
            .ToBuilder();
        foreach (var service in lasting)
        {
            failures[service] = failures.TryGetValue(service, out var known)
                ? new HoldFailure(known.Lasts ? known.Times : known.Times + 1, now, Lasts: true, IsOver: false)
                : new HoldFailure(1, now, Lasts: true, IsOver: false);
        }

        return node with { Missing = missing, MissingSince = since, Failures = failures.ToImmutable() };
    }

    /// <summary>The node serves a VIP of that service.</summary>
    public static NodeObserved Prove(NodeObserved node, ServiceName service) => node.Failures.TryGetValue(service, out var failure) && !failure.Lasts
        ? node with { Failures = node.Failures.SetItem(service, failure with { IsOver = true }) }
        : node;

    /// <summary>The node is given none of that service's VIPs if another node may have them.</summary>
    public static bool IsFailing(NodeObserved node, ServiceName service, Instant now) =>
        node.Failures.TryGetValue(service, out var failure) && IsHeld(failure, now);

    /// <summary>The services whose VIPs the node is not given.</summary>
    public static IEnumerable<ServiceName> Failing(NodeObserved node, Instant now) =>
        node.Failures.Where(f => IsHeld(f.Value, now)).Select(f => f.Key);

    /// <summary>The node has served none of the service's VIPs since it failed: one is enough to try.</summary>
    public static bool IsUnproven(NodeObserved node, ServiceName service) => node.Failures.TryGetValue(service, out var failure) && !failure.IsOver;

    /// <summary>When nothing is held against the node any more, should it not fail again.</summary>
    public static Instant Until(NodeObserved node, Instant now) =>
        node.Failures.Values.Where(f => IsHeld(f, now)).Select(f => f.Last + Probation(f.Times)).DefaultIfEmpty(now).Max();

    public static TimeSpan Probation(int times) => TimeSpan.FromSeconds(Math.Min(60, 10 << Math.Min(3, times - 1)));

    private static bool IsHeld(HoldFailure failure, Instant now) => now - failure.Last < Probation(failure.Times);
}
