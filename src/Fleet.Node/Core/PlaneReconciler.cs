using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>What the data plane has been told and what it has said: turns a map into ordered effects, and only those that change anything.</summary>
internal sealed class PlaneReconciler
{
    private ImmutableSortedSet<VipAddress> _held = [];
    private ImmutableSortedSet<VipAddress> _draining = [];
    private ImmutableSortedSet<VipAddress> _undrained = [];
    private object? _planned;
    private Instant _until = Instant.Never;

    /// <summary>The map whose orders have been carried out.</summary>
    public MapVersion Version { get; private set; }

    public ImmutableArray<VipAddress> Missing { get; private set; } = [];

    public ImmutableSortedDictionary<VipAddress, VipCounters> Counters { get; set; } = ImmutableSortedDictionary<VipAddress, VipCounters>.Empty;

    public bool IsHolding => !_held.IsEmpty;

    public bool IsDraining => !_draining.IsEmpty;

    /// <summary>VIPs being drained that still have connections, or may have them: the data plane does not drain them yet.</summary>
    public ImmutableSortedDictionary<VipAddress, int> Busy => _draining
        .Select(v => KeyValuePair.Create(v, Math.Max(Counters.GetValueOrDefault(v)?.Active ?? 0, _undrained.Contains(v) ? 1 : 0)))
        .Where(v => v.Value > 0)
        .ToImmutableSortedDictionary();

    /// <summary>
    /// The order is: let go of what goes, change what is carried, drain, take what comes. So a VIP is withdrawn before its configuration is, and
    /// never announced before the data plane is ready for it.
    /// </summary>
    public void Obey(List<NodeEffect> effects, FleetMap map, NodeName me, Instant leaseUntil, CheckAssignment checks)
    {
        var hasLease = leaseUntil > Instant.Never;
        var mine = hasLease ? map.Vips.Values.Where(v => v.HeldBy(me)).Select(v => v.Address).ToImmutableSortedSet() : [];
        var kept = _held.Intersect(mine);
        _until = leaseUntil;
        if (kept.Count < _held.Count)
            effects.Add(new NodeEffect.HoldVips(kept, _until, Version));
        var key = (map.Services, map.Feedback, checks.VerdictsKey(map));
        if (!key.Equals(_planned))
            effects.Add(new NodeEffect.ApplyPlane(PlanMaker.Plan(map, key => checks.VerdictOf(map, key))));
        _planned = key;
        var drained = map.Vips.Values.Where(v => v.HeldBy(me) && v.Phase == VipPhase.Draining).Select(v => v.Address).ToImmutableSortedSet();
        if (!drained.SetEquals(_draining))
            effects.Add(new NodeEffect.DrainVips(drained));
        _draining = drained;
        // Without a lease and with nothing taken there is nothing to say: a relay that an earlier agent left behind keeps what it holds until its
        // own lease ends.
        if (!hasLease && _held.IsEmpty)
            return;
        _held = mine;
        effects.Add(new NodeEffect.HoldVips(_held, _until, map.Version));
    }

    /// <summary>Tells the holder of a later end, unless it would hardly gain by it.</summary>
    public void Renew(List<NodeEffect> effects, Instant leaseUntil, MapVersion version, LeaseTerms lease)
    {
        if (leaseUntil - _until < lease.Heartbeat / 4)
            return;
        _until = leaseUntil;
        effects.Add(new NodeEffect.HoldVips(_held, _until, version));
    }

    public void LetGo(List<NodeEffect> effects, MapVersion version)
    {
        _held = [];
        _until = Instant.Never;
        effects.Add(new NodeEffect.HoldVips(_held, _until, version));
    }

    /// <summary>Returns whether the leader should hear of it at once.</summary>
    public bool Done(NodeInput.Held report)
    {
        var isNews = report.Version != Version || !report.Missing.SequenceEqual(Missing);
        Version = report.Version;
        Missing = report.Missing;
        _undrained = report.Undrained ?? [];
        return isNews;
    }
}
