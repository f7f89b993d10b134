using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>
/// What the data plane and the holder of VIPs have been told and what they have said: turns a map into ordered effects, and only those that change
/// anything. No VIP is taken before the data plane has said that it carries it, nor while it fails to carry the newest plan; and none is called held
/// while it may carry another service for it.
/// </summary>
/// <param name="found">What an agent before this one has left: it is renewed before the data plane has answered for the first time.</param>
internal sealed class PlaneReconciler(DataPlaneCapabilities capabilities, ImmutableSortedSet<VipAddress> found)
{
    /// <summary>
    /// A data plane that answers within a tenth of the default lease is waited for; then what is held is confirmed without what could not be taken.
    /// </summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMilliseconds(40);

    private readonly PlanSource _source = new(capabilities);
    private readonly PlanProgress _plan = new();
    private readonly DrainProgress _drain = new(isToBeEnded: capabilities.Drains && !found.IsEmpty);
    private ImmutableSortedSet<VipAddress> _held = [];
    private ImmutableSortedSet<VipAddress> _draining = [];
    private ImmutableSortedSet<VipAddress> _left = found;

    /// <summary>What the map gives to this node: what it can carry, and what it cannot.</summary>
    private ImmutableSortedSet<VipAddress> _mine = [];
    private ImmutableSortedSet<VipAddress> _unserved = [];
    private FleetMap _map = FleetMap.Empty;
    private object? _counted;
    private Instant _until = Instant.Never;
    private Instant _leaseUntil = Instant.Never;
    private Instant? _waitsSince;
    private PlanGeneration? _carriedWhenRead;

    /// <summary>The newest order to hold.</summary>
    private NodeEffect.HoldVips _order = new([], Instant.Never, MapVersion.None, []);

    /// <summary>The newest order to hold that was carried out, and what of it was not.</summary>
    private NodeInput.Held _report = new(new NodeEffect.HoldVips([], Instant.Never, MapVersion.None, []), []);

    /// <summary>The map whose orders to hold and to let go have been carried out, but for what is missing.</summary>
    public MapVersion Version => _report.Order.Version;

    /// <summary>What it should hold by that map and does not, or not for the right service.</summary>
    public ImmutableArray<VipAddress> Missing { get; private set; } = [];

    public ImmutableSortedDictionary<VipAddress, VipCounters> Counters { get; private set; } =
        ImmutableSortedDictionary<VipAddress, VipCounters>.Empty;

    public bool IsHolding => !_held.IsEmpty;

    public bool IsDraining => !_draining.IsEmpty;

    /// <summary>
    /// VIPs being drained that still have connections, or may have them: the data plane does not drain them yet, or cannot count them.
    /// </summary>
    public ImmutableSortedDictionary<VipAddress, int> Busy => _draining
        .Select(v => KeyValuePair.Create(v, Math.Max(Counters.GetValueOrDefault(v)?.Active ?? 0, MayBeBusy(v) ? 1 : 0)))
        .Where(v => v.Value > 0)
        .ToImmutableSortedDictionary();

    /// <summary>What of the map it does not carry, and why.</summary>
    public ImmutableArray<string> Problems =>
    [
        .. _source.LeftOut.Select(left => $"{left}"),
        .. _plan.Failure is { } why
            ? [$"the newest services and states of backends, which its data plane ({capabilities.Name}) does not carry: {why}"]
            : Array.Empty<string>(),
    ];

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

    /// <summary>What time or an answer brings: the data plane is told again, and what could not be taken before is taken.</summary>
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
        if (isTime || (_waitsSince is null && _plan.IsCarried && _held.Count < _mine.Count))
            Take(effects);
    }

    /// <summary>When time alone brings the next thing to do.</summary>
    public Instant Due =>
        Instant.Min(Instant.Min(_plan.Due, _drain.Due), _waitsSince is { } since ? since + PatienceMax : Instant.Forever);

    /// <summary>Tells the holder of a later end, unless it would hardly gain by it.</summary>
    public void Renew(List<NodeEffect> effects, Instant leaseUntil, LeaseTerms lease)
    {
        _leaseUntil = leaseUntil;
        if (leaseUntil - _until >= lease.Heartbeat / 4)
            Hold(effects, _order);
    }

    /// <summary>Nothing may be held any more. What was missing is missing still: that it is not tried any more makes nobody serve it.</summary>
    public void LetGo(List<NodeEffect> effects)
    {
        (_leaseUntil, _waitsSince, _mine) = (Instant.Never, null, []);
        Hold(effects, _order with { Vips = [], Untaken = [.. Missing] });
    }

    /// <summary>The lease is over: what waits to be taken waits for the next one.</summary>
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
        _plan.Hear(answer.Asked, answer.Carried, answer.Failure, now);
        return Recount();
    }

    public void Hear(NodeInput.Drained answer, Instant now) => _drain.Hear(answer.IsDone, now);

    /// <summary>Asks for what the data plane carries and counts.</summary>
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
    /// Takes all where the newest plan is carried, and else what is carried whatever comes of it; while that fails it goes on with what it has.
    /// </summary>
    private void Take(List<NodeEffect> effects)
    {
        var taken = _plan.IsCarried ? _mine : [.. _mine.Where(MayTake)];
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
        _plan.IsCarried || _held.Contains(vip) || _left.Contains(vip) || (_plan.Failure is null && _plan.IsSure(vip, _map.Vips[vip].Service));

    /// <summary>What was never taken has no connections.</summary>
    private bool MayBeBusy(VipAddress vip) =>
        _held.Contains(vip) && (!capabilities.CountsOpenConnections || (capabilities.Drains && !_drain.IsDrained(vip)));

    /// <summary>Returns whether what is missing has changed.</summary>
    private bool Recount()
    {
        // Most reports are of renewals: they are told ten times a second and more, and a node may have thousands of VIPs.
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
