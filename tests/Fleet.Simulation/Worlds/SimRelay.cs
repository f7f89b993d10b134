using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>A relay's process: the real program, with listeners that need no sockets.</summary>
internal sealed class SimRelay : IServingHost, IRelayChild
{
    private readonly World _world;
    private readonly SimHost _host;
    private readonly SimRelays _relays;
    private readonly SimProcess _process;
    private readonly List<SimVipListener> _listeners = [];
    private SimAgentDoor? _door;

    /// <summary>When it was stopped; it has served nothing since, until it goes on under a lease.</summary>
    private long _stopped = long.MaxValue;

    public SimRelay(World world, SimHost host, SimRelays relays, int pid)
    {
        (_world, _host, _relays, Pid) = (world, host, relays, pid);
        _process = new SimProcess(world, $"{host.Name}/relay-{pid}");
    }

    public int Pid { get; }

    public int Id => Pid;

    public ProcessLife Life { get; private set; } = null!;

    public bool HasExited => _process.State == ProcessState.Dead;

    public int ExitCode => 137;

    public bool IsPaused => _process.State == ProcessState.Paused;

    public MonotonicClock Clock { get; private set; } = null!;

    /// <summary>When its lease ends, as it was told last.</summary>
    public Instant Until { get; private set; } = Instant.Never;

    public IEnumerable<VipAddress> Serving => _process.IsRunning ? _listeners.Where(l => l.IsServing).Select(l => l.Vip.Address) : [];

    /// <summary>What serves that VIP at this moment; null when nothing here does.</summary>
    public SimVipListener? ListenerOf(VipAddress vip) =>
        _process.IsRunning ? _listeners.FirstOrDefault(l => l.IsServing && l.Vip.Address == vip) : null;

    public void Start(RelayOptions options)
    {
        Life = _process.Start(life => RunAsync(options, life), _ => { });
        Clock = _host.ClockOf(Life);
        Life.AtDeath(() =>
        {
            ServedUntilNow();
            _listeners.Clear();
            _relays.Gone(this);
            _world.Served.Changed();
        });
    }

    public void Kill() => _process.Kill();

    public void Pause()
    {
        ServedUntilNow();
        if (_process.IsRunning)
            _stopped = Math.Min(_stopped, _world.Now);
        _process.Pause();
        _world.Served.Changed();
    }

    public void Continue()
    {
        if (_process.State != ProcessState.Paused)
            return; // It was started after the others were stopped, and has served all the while.
        _process.Continue();
        ServedFromNow();
    }

    /// <summary>An agent connects.</summary>
    public void Arrive(SimStream agent) => _door!.Arrive(agent);

    public IAlarm Alarm(Action ring) => new SimAlarm(this, ring);

    public IVipListener Listen(RelayedVip vip, int port, PortPlan plan)
    {
        var listener = new SimVipListener(this, vip, plan);
        if (!listener.TryBind(_relays.BindsFail))
            Life.After(5_000, () => Retry(listener));
        return listener;
    }

    public IAgentDoor Open(string path)
    {
        _door = new SimAgentDoor(Life);
        _relays.Listen(this, path);
        return _door;
    }

    public void Dispose()
    {
    }

    /// <summary>A listener has been opened: it serves from now on.</summary>
    public void Opened(SimVipListener listener)
    {
        _listeners.Add(listener);
        _stopped = long.MaxValue;
        if (listener.IsServing)
            _world.Service.ServedFrom(listener.Vip.Address, _world.Now);
        _world.Openings++;
        _world.Served.Changed();
    }

    public void Closed(SimVipListener listener)
    {
        if (_listeners.Remove(listener))
            _world.Service.ServedUntil(listener.Vip.Address, ServedUntil);
        _world.Served.Changed();
    }

    /// <summary>The true moment at which its lease ends.</summary>
    public long End => _host.Clock.TruthOf(Until);

    /// <summary>It cannot serve beyond its lease, whether it notices or not, nor while it is stopped.</summary>
    private long ServedUntil => Math.Min(Math.Min(_world.Now, _stopped), End);

    private async Task RunAsync(RelayOptions options, ProcessLife life)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        life.After(_world.Chance.Next(20_000, 200_000), started.SetResult);
        await started.Task;
        await new RelayProgram(options, this, _world.Trace.Logs(life.Name)).RunAsync(CancellationToken.None);
    }

    private void Retry(SimVipListener listener)
    {
        if (!listener.IsClosed && !listener.TryBind(_relays.BindsFail))
            Life.After(5_000, () => Retry(listener));
    }

    private void Renewed(Instant until)
    {
        if (until < Until)
            _world.Served.Changed();
        if (End < _world.Now)
        {
            ServedUntilNow();
            Until = until;
            ServedFromNow();
        }

        Until = until;
        _world.Renewed = _world.Node(new NodeName(_host.Name));
    }

    private void ServedUntilNow()
    {
        if (!_process.IsRunning && Life is { IsDead: false })
            return; // It has served nothing since it was stopped.
        foreach (var listener in _listeners)
            _world.Service.ServedUntil(listener.Vip.Address, ServedUntil);
    }

    private void ServedFromNow()
    {
        _world.Openings++;
        _world.Served.Changed();
        if (End > _world.Now)
            _stopped = long.MaxValue;
        foreach (var listener in _listeners.Where(l => l.IsServing))
            _world.Service.ServedFrom(listener.Vip.Address, _world.Now);
    }

    /// <summary>Rings in its process when the moment has come on its host's clock.</summary>
    private sealed class SimAlarm(SimRelay relay, Action ring) : IAlarm
    {
        private ITimer? _timer;

        public void Set(Instant at)
        {
            relay.Renewed(at);
            var left = at - relay.Clock.Now;
            var due = left < TimeSpan.Zero ? TimeSpan.Zero : left;
            if (_timer is null)
                _timer = relay.Clock.Time.CreateTimer(_ => ring(), null, due, Timeout.InfiniteTimeSpan);
            else
                _timer.Change(due, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer?.Dispose();
    }
}

/// <summary>A listener without a socket: it is open as soon as it may be, and serves whoever asks while its VIP may.</summary>
internal sealed class SimVipListener(SimRelay relay, RelayedVip vip, PortPlan plan) : IVipListener
{
    public RelayedVip Vip => vip;

    public PortPlan Plan { get; set; } = plan;

    public string? Failure { get; private set; } = "it has not been bound yet";

    public bool IsClosed { get; private set; }

    public bool IsServing => Failure is null && !IsClosed && vip.MayServe;

    public bool TryBind(bool fails)
    {
        if (fails || !vip.MayServe)
        {
            Failure = fails ? "the host does not give the address" : "the lease is over";
            return false;
        }

        Failure = null;
        relay.Opened(this);
        return true;
    }

    public void Dispose()
    {
        if (IsClosed)
            return;
        relay.Closed(this);
        IsClosed = true;
    }
}
