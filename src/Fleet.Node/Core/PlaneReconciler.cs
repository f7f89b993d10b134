using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>
/// What the data plane and the holder of VIPs have been told, and what they have answered. Turns a map into ordered effects, and only into those that
/// change anything. A VIP is not taken before the data plane has said that it carries the VIP, or while the data plane fails to carry the newest
/// plan. A VIP is not called held while the data plane may carry another service for it.
/// </summary>
/// <param name="found">VIPs that an earlier agent has left: they are renewed before the data plane has answered for the first time.</param>
internal sealed class PlaneReconciler(DataPlaneCapabilities capabilities, ImmutableSortedSet<VipAddress> found)
{
    /// <summary>
    /// How long to wait for the data plane's answer: a tenth of the default lease. After that, the VIPs that are held are confirmed without those
    /// that could not be taken.
    /// </summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMilliseconds(40);

    private readonly PlanSource _source = new(capabilities);
    private readonly PlanProgress _plan = new();
    private readonly PlaneHealth _health = new();
    private readonly DrainProgress _drain = new(isToBeEnded: capabilities.Drains && !found.IsEmpty);
    private ImmutableSortedSet<VipAddress> _held = [];
    private ImmutableSortedSet<VipAddress> _draining = [];
    private ImmutableSortedSet<VipAddress> _left = found;

    /// <summary>The VIPs that the map gives to this node: those it can carry, and those it cannot.</summary>
    private ImmutableSortedSet<VipAddress> _mine = [];
    private ImmutableSortedSet<VipAddress> _unserved = [];
    private FleetMap _map = FleetMap.Empty;
    private object? _counted;
    private Instant _until = Instant.Never;
    private Instant _leaseUntil = Instant.Never;
    private Instant? _waitsSince;
    private PlanGeneration? _carriedWhenRead;

    private LeaseTerms _terms = FleetMap.Empty.Policy.Lease;

    /// <summary>The newest order to hold.</summary>
    private NodeEffect.HoldVips _order = new([], Instant.Never, MapVersion.None, []);

    /// <summary>The newest order to hold that was carried out, and the VIPs for which it was not.</summary>
    private NodeInput.Held _report = new(new NodeEffect.HoldVips([], Instant.Never, MapVersion.None, []), []);

    /// <summary>The map whose orders to hold and to let go have been carried out, except for what is missing.</summary>
    public MapVersion Version => _report.Order.Version;

    /// <summary>VIPs that the node should hold by that map but does not, or not for the right service.</summary>
    public ImmutableArray<VipAddress> Missing { get; private set; } = [];

    public ImmutableSortedDictionary<VipAddress, VipCounters> Counters { get; private set; } =
        ImmutableSortedDictionary<VipAddress, VipCounters>.Empty;

    public bool IsHolding => !_held.IsEmpty;

    public bool IsDraining => !_draining.IsEmpty;

    /// <summary>
    /// VIPs being drained that still have connections, or may have them: the data plane does not drain them yet, or cannot count them.
    /// </summary>
    public ImmutableSortedDictionary<VipAddress, int> Busy => (_health.IsSilent ? [] : _draining)
        .Select(v => KeyValuePair.Create(v, Math.Max(Counters.GetValueOrDefault(v)?.Active ?? 0, MayBeBusy(v) ? 1 : 0)))
        .Where(v => v.Value > 0)
        .ToImmutableSortedDictionary();

    /// <summary>What the node does not carry of the map, and why.</summary>
    public ImmutableArray<string> Problems =>
    [
        .. _source.LeftOut.Select(left => $"{left}"),
        .. _plan.Failure is { } why
            ? [$"the newest services and states of backends, which its data plane ({capabilities.Name}) does not carry: {why}"]
            : Array.Empty<string>(),
    ];

    /// <summary>Why the node is to be given nothing; null where it is well.</summary>
    public string? Ill => _health.IsIll ? $"its data plane ({capabilities.Name}) does not answer, or has just begun to" : null;

    /// <summary>
    /// The order is: let go of what goes, change what is carried, drain, take what comes. So a VIP is withdrawn before its configuration is, and
    /// never announced before the data plane is ready for it.
    /// </summary>
    public void Obey(List<NodeEffect> effects, FleetMap map, NodeName me, Instant leaseUntil, CheckAssignment checks, Instant now)
    {
        var hasLease = leaseUntil > Instant.Never;
        (_map, _leaseUntil) = (map, leaseUntil);
        _source.Tell(_plan, map, checks);
        var mine = hasLease ? map.Vips.Values.Where(v => v.HeldBy(me)).ToArray() : [];
        _mine = [.. mine.Where(v => !_source.IsLeftOut(v.Service)).Select(v => v.Address)];
        _unserved = [.. mine.Where(v => _source.IsLeftOut(v.Service)).Select(v => v.Address)];
        var kept = _held.Intersect(_mine);
        if (kept.Count < _held.Count)
            Hold(effects, _order with { Vips = kept, Untaken = _order.Untaken.Union(_unserved) });
        _draining = map.Vips.Values.Where(v => v.HeldBy(me) && v.Phase == VipPhase.Draining).Select(v => v.Address).ToImmutableSortedSet();
        if (capabilities.Drains)
            _drain.Want(_draining);
        // Without a lease and with nothing taken there is nothing to say: a relay that an earlier agent left behind keeps what it holds until its
        // own lease ends.
        _waitsSince = hasLease || !_held.IsEmpty ? _waitsSince ?? now : null;
        Advance(effects, now);
    }

    /// <summary>Does what time or an answer makes possible: tells the data plane again, and takes what could not be taken before.</summary>
    public void Advance(List<NodeEffect> effects, Instant now)
    {
        if (_plan.Next(now) is { } apply)
        {
            effects.Add(apply);
            Recount();
        }

        if (_drain.Next(now) is { } drain)
            effects.Add(drain);
        var isTime = _waitsSince is { } since && (!_plan.IsAsked || now - since >= PatienceMax || _mine.All(MayTake));
        if (isTime || (_waitsSince is null && !_health.IsSilent && _plan.IsCarried && _held.Count < _mine.Count))
            Take(effects);
    }

    /// <summary>When the next thing is due by time alone.</summary>
    public Instant Due =>
        Instant.Min(
            Instant.Min(Instant.Min(_plan.Due, _drain.Due), _health.Due(_terms)), _waitsSince is { } since ? since + PatienceMax : Instant.Forever);

    /// <summary>Tells the holder the lease's later end, unless it would gain hardly anything.</summary>
    public void Renew(List<NodeEffect> effects, Instant leaseUntil, LeaseTerms lease)
    {
        _leaseUntil = leaseUntil;
        if (leaseUntil - _until >= lease.Heartbeat / 4)
            Hold(effects, _order);
    }

    /// <summary>
    /// While the data plane does not answer nothing is held, and all that the map gives to this node is missing. It is taken by the next
    /// <see cref="Obey"/> after that.
    /// </summary>
    /// <returns>The leader should hear of it at once: it moves what nobody serves.</returns>
    public bool Attend(List<NodeEffect> effects, LeaseTerms lease, Instant now)
    {
        _terms = lease;
        if (!_health.Update(lease, now))
            return false;
        if (_health.IsSilent && IsHolding)
            Hold(effects, _order with { Vips = [], Untaken = _mine.Union(_unserved) });
        return true;
    }

    /// <summary>Nothing may be held any more. What was missing is still missing: nobody serves it just because it is no longer tried.</summary>
    public void LetGo(List<NodeEffect> effects)
    {
        (_leaseUntil, _waitsSince, _mine) = (Instant.Never, null, []);
        Hold(effects, _order with { Vips = [], Untaken = [.. Missing] });
    }

    /// <summary>The lease is over: VIPs that wait to be taken wait for the next lease.</summary>
    public void LoseLease(List<NodeEffect> effects)
    {
        if (IsHolding)
            LetGo(effects);
        (_waitsSince, _mine) = (null, []);
    }

    /// <summary>Returns whether the leader should hear of it at once.</summary>
    public bool Done(NodeInput.Held report)
    {
        var isNews = report.Order.Version != Version;
        _report = report;
        return Recount() || isNews;
    }

    /// <inheritdoc cref="Done"/>
    public bool Hear(NodeInput.Applied answer, Instant now)
    {
        _plan.Hear(answer, now);
        return Recount();
    }

    public void Hear(NodeInput.PlaneSilent news, Instant now) => _health.Hear(news.Since, now);

    public void Hear(NodeInput.Drained answer, Instant now) => _drain.Hear(answer.IsDone, now);

    /// <summary>Asks the data plane what it carries and counts.</summary>
    public void Read(List<NodeEffect> effects)
    {
        _carriedWhenRead = _plan.Carried;
        effects.Add(new NodeEffect.ReadPlane());
    }

    public void Hear(PlaneReading reading)
    {
        Counters = reading.Counters;
        if (_carriedWhenRead is { } carried && carried == _plan.Carried && carried != reading.Carried)
            _plan.Lose();
    }

    /// <summary>
    /// Takes all VIPs if the newest plan is carried. Otherwise it takes those that are carried however the apply ends; while the apply fails, it goes
    /// on with the VIPs it has.
    /// </summary>
    private void Take(List<NodeEffect> effects)
    {
        var taken = _health.IsSilent ? [] : _plan.IsCarried ? _mine : [.. _mine.Where(MayTake)];
        (_waitsSince, _left) = (null, []);
        Hold(effects, new NodeEffect.HoldVips(taken, _leaseUntil, _map.Version, _unserved.Union(_mine.Except(taken))));
    }

    private void Hold(List<NodeEffect> effects, NodeEffect.HoldVips order)
    {
        _until = _leaseUntil;
        _order = order with { Until = _until };
        _held = _order.Vips;
        effects.Add(_order);
    }

    private bool MayTake(VipAddress vip) =>
        _health.IsSilent || _plan.IsCarried || _held.Contains(vip) || _left.Contains(vip)
            || (_plan.Failure is null && _plan.IsSure(vip, _map.Vips[vip].Service));

    /// <summary>A VIP that was never taken has no connections.</summary>
    private bool MayBeBusy(VipAddress vip) =>
        _held.Contains(vip) && (!capabilities.CountsOpenConnections || (capabilities.Drains && !_drain.IsDrained(vip)));

    /// <summary>Returns whether what is missing has changed.</summary>
    private bool Recount()
    {
        // Most reports are of renewals. They come ten times a second and more, and a node may have thousands of VIPs.
        var key = (_report.Order.Vips, _report.Order.Untaken, _map.Vips, _plan.Sure);
        if (_report.Failed.IsEmpty && key.Equals(_counted))
            return false;
        _counted = _report.Failed.IsEmpty ? key : null;
        var unsure = _report.Order.Vips.Where(vip => _map.Vips.TryGetValue(vip, out var entry) && !_plan.IsSure(vip, entry.Service));
        ImmutableArray<VipAddress> missing = [.. _report.Order.Untaken.Union(_report.Failed).Union(unsure)];
        var isNews = !missing.SequenceEqual(Missing);
        Missing = missing;
        return isNews;
    }
}
