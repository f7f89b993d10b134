using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Model;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>The relay processes of a node: the one that serves, and a spare; and what its agent does with them.</summary>
public sealed class SimRelays(World world, SimHost host) : IRelayHost
{
    public const string ServingPath = "data/relay.sock";
    public const string SparePath = "data/spare.sock";

    private readonly SortedDictionary<int, SimRelay> _running = [];
    private readonly Dictionary<string, SimRelay> _paths = new(StringComparer.Ordinal);
    private int _pids;

    /// <summary>No address can be bound anew.</summary>
    public bool BindsFail
    {
        get;
        set
        {
            field = value;
            HaveBindsFailed |= value;
        }
    }

    /// <summary>They failed at some time since the world began.</summary>
    public bool HaveBindsFailed { get; private set; }

    /// <summary>How many have ended.</summary>
    public int Ends { get; private set; }

    public bool IsThere => _running.Count > 0;

    /// <summary>There is one, and none is stopped.</summary>
    public bool IsRunning
    {
        get
        {
            foreach (var relay in _running.Values)
            {
                if (relay.IsPaused)
                    return false;
            }

            return _running.Count > 0;
        }
    }

    /// <summary>What is served at this very moment: it listens, its process runs, and its lease is not over.</summary>
    public IEnumerable<VipAddress> Serving => _running.Values.SelectMany(r => r.Serving);

    /// <inheritdoc cref="SimRelay.ListenerOf"/>
    internal SimVipListener? ListenerOf(VipAddress vip) => _running.Values.Select(r => r.ListenerOf(vip)).FirstOrDefault(l => l is not null);

    /// <summary>The latest end of a lease that a relay of this node has been told.</summary>
    public Instant Until => _running.Values.Select(r => r.Until).DefaultIfEmpty(Instant.Never).Max();

    /// <summary>
    /// The first moment after this one at which a lease of a relay ends, as they were told last; <see cref="long.MaxValue"/> when none does.
    /// </summary>
    public long FirstEnd(long after) => _running.Values.Select(r => r.End).Where(end => end >= after).DefaultIfEmpty(long.MaxValue).Min();

    public void Pause()
    {
        foreach (var relay in _running.Values)
            relay.Pause();
    }

    public void Continue()
    {
        foreach (var relay in _running.Values)
            relay.Continue();
    }

    public void KillAll()
    {
        foreach (var relay in _running.Values.ToArray())
            relay.Kill();
    }

    /// <summary>Returns whether there was one that serves.</summary>
    public bool KillServing()
    {
        if (!_paths.TryGetValue(ServingPath, out var relay))
            return false;
        world.Log($"{host.Name}'s relay is killed");
        relay.Kill();
        return true;
    }

    Task<RelayPeer?> IRelayHost.ConnectAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_paths.TryGetValue(path, out var relay))
            return Task.FromResult<RelayPeer?>(null);
        var agent = (ProcessLife)SynchronizationContext.Current!;
        var (near, far) = SimStream.Pair(world.Scheduler, world.Chance, agent, relay.Life);
        relay.Arrive(far);
        return Task.FromResult<RelayPeer?>(new RelayPeer(near, relay.Pid));
    }

    IRelayChild IRelayHost.Start(string path)
    {
        var relay = new SimRelay(world, host, this, ++_pids);
        _running.Add(relay.Pid, relay);
        relay.Start(new RelayOptions { SocketPath = path, Node = host.Name, OrphanMax = world.Settings.OrphanMax });
        return relay;
    }

    async Task IRelayHost.KillAsync(int pid, CancellationToken cancellation)
    {
        if (_running.TryGetValue(pid, out var relay))
            relay.Kill();
        var life = (ProcessLife)SynchronizationContext.Current!;
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        life.After(world.Chance.Next(500, 5_000), gone.SetResult);
        await gone.Task;
    }

    void IRelayHost.Rename(string from, string to)
    {
        if (!_paths.Remove(from, out var relay))
            throw new IOException($"{from} is not there.");
        _paths[to] = relay;
    }

    void IRelayHost.Delete(string path) => _paths.Remove(path);

    internal void Listen(SimRelay relay, string path)
    {
        if (!_paths.TryAdd(path, relay))
            throw new IOException($"{path} is taken.");
    }

    internal void Gone(SimRelay relay)
    {
        Ends++;
        _running.Remove(relay.Pid);
        foreach (var path in _paths.Where(p => p.Value == relay).Select(p => p.Key).ToArray())
            _paths.Remove(path);
    }
}
