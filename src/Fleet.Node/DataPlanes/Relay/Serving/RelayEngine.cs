using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>Carries out orders: the pools, the VIPs and the lease they are held under.</summary>
internal sealed partial class RelayEngine : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(10);
    private readonly Lock _lock = new();
    private readonly IServingHost _host;
    private readonly string _node;
    private readonly ILogger _logger;
    private readonly ServingLease _lease;
    private readonly ITimer _sweeper;
    private readonly SortedDictionary<VipAddress, RelayedVip> _vips = [];
    private readonly Dictionary<ServiceName, BackendPool> _pools = [];
    private Dictionary<VipAddress, Dictionary<int, PortPlan>> _ports = [];
    private NodePlan _plan = NodePlan.Empty;
    private BackendStates _backends = BackendStates.None;
    private ImmutableSortedSet<VipAddress> _wanted = [];
    private ImmutableSortedSet<VipAddress> _draining = [];
    private bool _freeBind;

    public RelayEngine(IServingHost host, string node, ILogger logger)
    {
        _host = host;
        _node = node;
        _logger = logger;
        _lease = new ServingLease(host, OnLeaseOver);
        _sweeper = host.Clock.Time.CreateTimer(_ => SweepDraining(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public RelayReport Apply(RelayOrder order)
    {
        lock (_lock)
        {
            LetGoIfOver(); // A relay that was stopped past its lease's end lets go before it hears what is next.
            if (order.Plan is not null)
                TakePlan(order.Plan);
            if (order.Backends is { } backends && backends.Plan == _plan.Generation)
                _backends = backends;
            if (order.Plan is not null || order.Backends is not null)
                UpdatePools();
            if (order.Hold is not null)
            {
                _wanted = order.Hold.Vips ?? _wanted;
                _freeBind = order.Hold.FreeBind;
                _lease.Set(new Instant(order.Hold.LeaseEndMicros));
                LetGoIfOver();
            }

            _draining = order.Draining ?? _draining;
            if (!IsRenewal(order) || _vips.Count < _wanted.Count)
                CloseReleased();
            return Report(order.Id, order.ReadCounters, isRenewal: order.Hold is { Vips: null });
        }
    }

    /// <summary>What a new agent is told first.</summary>
    public RelayReport Greeting()
    {
        lock (_lock)
        {
            LetGoIfOver();
            return Report(0, counters: false, isRenewal: false);
        }
    }

    public void Dispose()
    {
        _lease.Dispose();
        _sweeper.Dispose();
        lock (_lock)
            LetGoOf(_ => true);
    }

    private void TakePlan(NodePlan plan)
    {
        _plan = plan;
        _ports = [];
        foreach (var service in plan.Services)
        {
            if (!_pools.TryGetValue(service.Name, out var pool))
                _pools[service.Name] = pool = new BackendPool();
            foreach (var vip in service.Vips)
            {
                if (!_ports.TryGetValue(vip, out var ports))
                    _ports[vip] = ports = [];
                foreach (var listener in service.Listeners)
                    ports.TryAdd(listener.Port, new PortPlan(pool, listener.Protocol, service.ProxyProtocol));
            }
        }

        var names = plan.Services.Select(s => s.Name).ToHashSet();
        foreach (var gone in _pools.Keys.Where(n => !names.Contains(n)).ToList())
            _pools.Remove(gone);
    }

    private void UpdatePools()
    {
        foreach (var service in _plan.Services)
            _pools[service.Name].Update(service, _backends);
    }

    private void CloseReleased()
    {
        var held = _lease.Holds ? _wanted : [];
        LetGoOf(vip => !held.Contains(vip));
        foreach (var address in held)
        {
            if (!_vips.TryGetValue(address, out var vip))
                _vips[address] = vip = new RelayedVip(address, _lease, _node, _host, _logger) { FreeBind = _freeBind };
            vip.Configure(_ports.GetValueOrDefault(address) ?? []);
            vip.Draining = _draining.Contains(address);
            vip.Sweep();
        }

        var sweep = _draining.IsEmpty ? Timeout.InfiniteTimeSpan : SweepEvery;
        _sweeper.Change(sweep, sweep);
    }

    /// <summary>Nothing but the lease's end differs.</summary>
    private static bool IsRenewal(RelayOrder order) => order is { Plan: null, Backends: null, Hold.Vips: null, Draining: null };

    private RelayReport Report(long id, bool counters, bool isRenewal) => new()
    {
        Id = id,
        Held = isRenewal ? null : [.. _vips.Keys],
        LeaseEndMicros = _lease.End.Micros,
        Carried = _backends.Plan == _plan.Generation ? _backends.Generation : _plan.Generation,
        Failed = _vips.Values.Where(v => v.Failure is not null).ToImmutableSortedDictionary(v => v.Address, v => v.Failure!),
        Counters = counters ? _vips.ToImmutableSortedDictionary(v => v.Key, v => v.Value.Counters) : null,
    };

    private void OnLeaseOver()
    {
        lock (_lock)
            LetGoIfOver();
    }

    private void LetGoIfOver()
    {
        if (_lease.Holds || _vips.Count == 0)
            return;
        var held = _vips.Count;
        LetGoOf(_ => true);
        LogLeaseOver(_logger, held);
    }

    private void LetGoOf(Predicate<VipAddress> which)
    {
        var gone = _vips.Values.Where(v => which(v.Address)).ToList();
        foreach (var vip in gone)
        {
            vip.Close();
            _vips.Remove(vip.Address);
        }
    }

    private void SweepDraining()
    {
        List<RelayedVip> draining;
        lock (_lock)
            draining = [.. _vips.Values.Where(v => v.Draining)];
        foreach (var vip in draining)
            vip.Sweep();
    }

    [LoggerMessage(LogLevel.Warning, "The lease is over: let go of {Count} VIPs.")]
    private static partial void LogLeaseOver(ILogger logger, int count);
}
