using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One VIP while it is held: its listeners, its connections and its counters. A closed VIP never serves again; if it is held again, that is a new
/// object.
/// </summary>
internal sealed class RelayedVip(VipAddress address, ServingLease lease, string node, IServingHost host, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, IVipListener> _listeners = [];
    private readonly HashSet<IVipConnection> _connections = [];
    private volatile bool _closed;
    private volatile bool _draining;
    private long _bytesIn;
    private long _bytesOut;
    private long _accepted;
    private long _requests;

    public VipAddress Address => address;

    public string Node => node;

    public ILogger Logger => logger;

    /// <summary>It need not be an address of this host yet.</summary>
    public bool FreeBind { get; init; }

    public Instant Now => lease.Now;

    /// <summary>Asked before each accept and each chunk: true while the lease is not over and the VIP is not let go of.</summary>
    public bool MayServe => !_closed && lease.Holds;

    public bool Closed => _closed;

    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>Why the VIP is not wholly held; null if it is.</summary>
    public string? Failure => _listeners.Count == 0
        ? "no service of the plan has this VIP"
        : _listeners.Values.Select(l => l.Failure).FirstOrDefault(f => f is not null);

    public VipCounters Counters
    {
        get
        {
            lock (_lock)
            {
                return new VipCounters(
                    Interlocked.Read(ref _bytesIn), Interlocked.Read(ref _bytesOut), _accepted, Interlocked.Read(ref _requests), _connections.Count);
            }
        }
    }

    /// <summary>Listens on exactly these ports; a port that stays keeps its socket and its connections.</summary>
    public void Configure(IReadOnlyDictionary<int, PortPlan> ports)
    {
        foreach (var (port, listener) in _listeners.Where(l => !ports.ContainsKey(l.Key)).ToList())
        {
            _listeners.Remove(port);
            listener.Dispose();
            Cut(c => c.Port == port);
        }

        foreach (var (port, plan) in ports)
        {
            if (_listeners.TryGetValue(port, out var listener))
                listener.Plan = plan;
            else
                _listeners[port] = host.Listen(this, port, plan);
        }
    }

    /// <summary>Counts a new connection in. False if the VIP was closed meanwhile.</summary>
    public bool Enter(IVipConnection connection)
    {
        lock (_lock)
        {
            if (!MayServe)
                return false;
            _connections.Add(connection);
            _accepted++;
            return true;
        }
    }

    public void Leave(IVipConnection connection)
    {
        lock (_lock)
            _connections.Remove(connection);
    }

    public void CountIn(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void CountOut(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    public void CountRequests(long requests) => Interlocked.Add(ref _requests, requests);

    /// <summary>Ends the connections that are to end and are idle.</summary>
    public void Sweep()
    {
        foreach (var connection in Connections())
            connection.EndIfIdle();
    }

    /// <summary>Closes connections first and listeners after: while one byte could still be on its way, no other process can bind.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
        Cut(_ => true);
        foreach (var listener in _listeners.Values)
            listener.Dispose();
    }

    private void Cut(Predicate<IVipConnection> which)
    {
        foreach (var connection in Connections())
        {
            if (which(connection))
                connection.Abort();
        }
    }

    private IVipConnection[] Connections()
    {
        lock (_lock)
            return [.. _connections];
    }
}
