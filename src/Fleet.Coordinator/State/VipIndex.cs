using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// What the leader looks up about a map's VIPs many times a second, without walking them all: who owns which, and which are not settled. The index
/// follows from the VIPs alone, is in no journal and no snapshot, and knows which VIPs it is of.
/// </summary>
internal sealed class VipIndex
{
    private readonly ImmutableSortedDictionary<VipAddress, VipEntry> _vips;
    private readonly ImmutableSortedDictionary<NodeName, ImmutableSortedSet<VipAddress>> _owned;

    private VipIndex(
        ImmutableSortedDictionary<VipAddress, VipEntry> vips,
        ImmutableSortedDictionary<NodeName, ImmutableSortedSet<VipAddress>> owned,
        ImmutableSortedDictionary<VipAddress, VipEntry> unsettled,
        ImmutableSortedSet<VipAddress> unowned) =>
        (_vips, _owned, Unsettled, Unowned) = (vips, owned, unsettled, unowned);

    /// <summary>Every VIP that is not simply served: one that has no owner, arrives, or is on its way to a successor.</summary>
    public ImmutableSortedDictionary<VipAddress, VipEntry> Unsettled { get; }

    public ImmutableSortedSet<VipAddress> Unowned { get; }

    /// <summary>The nodes that own something.</summary>
    public IEnumerable<NodeName> Owners => _owned.Keys;

    public static VipIndex Build(ImmutableSortedDictionary<VipAddress, VipEntry> vips) => new(
        vips,
        vips.Values
            .Where(v => v.Owner is not null)
            .GroupBy(v => v.Owner!.Value, v => v.Address)
            .ToImmutableSortedDictionary(g => g.Key, g => g.ToImmutableSortedSet()),
        vips.Where(v => IsUnsettled(v.Value)).ToImmutableSortedDictionary(),
        [.. vips.Values.Where(v => v.Owner is null).Select(v => v.Address)]);

    public bool IsOf(ImmutableSortedDictionary<VipAddress, VipEntry> others) => ReferenceEquals(_vips, others);

    public ImmutableSortedSet<VipAddress> OwnedBy(NodeName node) => _owned.GetValueOrDefault(node) ?? [];

    /// <summary>The node owns a VIP that is not settled: what it says next may settle it.</summary>
    public bool IsAwaited(NodeName node) => !Unsettled.IsEmpty && OwnedBy(node).Any(Unsettled.ContainsKey);

    /// <summary>How many VIPs of each service nobody serves; fully served services are left out.</summary>
    public Dictionary<ServiceName, int> Dark() =>
        Unsettled.Values
            .Where(v => v.Phase is not (VipPhase.Serving or VipPhase.Draining))
            .GroupBy(v => v.Service)
            .ToDictionary(g => g.Key, g => g.Count());

    /// <summary>The index of VIPs that differ from these only in the touched ones.</summary>
    public VipIndex Follow(ImmutableSortedDictionary<VipAddress, VipEntry> next, IReadOnlyCollection<VipAddress> touched)
    {
        if (touched.Count > _vips.Count / 4)
            return Build(next);
        var (owners, open, free) = (_owned.ToBuilder(), Unsettled.ToBuilder(), Unowned.ToBuilder());
        foreach (var address in touched)
        {
            var (before, after) = (_vips.GetValueOrDefault(address), next.GetValueOrDefault(address));
            if (before?.Owner is { } old && old != after?.Owner)
                Remove(owners, old, address);
            if (after?.Owner is { } owner && owner != before?.Owner)
                owners[owner] = (owners.TryGetValue(owner, out var mine) ? mine : []).Add(address);
            if (after is { Owner: null })
                free.Add(address);
            else
                free.Remove(address);
            if (after is not null && IsUnsettled(after))
                open[address] = after;
            else
                open.Remove(address);
        }

        return new VipIndex(next, owners.ToImmutable(), open.ToImmutable(), free.ToImmutable());
    }

    private static bool IsUnsettled(VipEntry vip) => vip is not { Phase: VipPhase.Serving, Successor: null, Owner: not null };

    private static void Remove(ImmutableSortedDictionary<NodeName, ImmutableSortedSet<VipAddress>>.Builder owners, NodeName owner, VipAddress vip)
    {
        var rest = owners[owner].Remove(vip);
        if (rest.IsEmpty)
            owners.Remove(owner);
        else
            owners[owner] = rest;
    }
}
