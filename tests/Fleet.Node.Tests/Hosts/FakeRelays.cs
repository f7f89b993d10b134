using System.Collections.Immutable;
using System.Net.Sockets;
using System.Threading.Channels;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Hosts;

/// <summary>A host on which relays run beside the agent, in memory; VIPs are listened on by name only.</summary>
internal sealed class FakeRelays(OneThread thread) : IRelayHost
{
    public const int FirstPid = 100;

    private readonly Dictionary<string, FakeRelay> _doors = [];
    private readonly Dictionary<int, FakeRelay> _running = [];
    private int _pids = FirstPid;

    /// <summary>What clients of a VIP are answered at this moment.</summary>
    public ImmutableSortedSet<VipAddress> Serving => [.. _running.Values.SelectMany(relay => relay.Serving)];

    public int Running => _running.Count;

    /// <summary>So many agents more cannot be let in.</summary>
    public int DoorFailuresLeft { get; set; }

    public Task<RelayPeer?> ConnectAsync(string path, CancellationToken cancellation)
    {
        thread.Note();
        return Task.FromResult<RelayPeer?>(_doors.TryGetValue(path, out var relay) ? new RelayPeer(relay.Connect(), relay.Id) : null);
    }

    public IRelayChild Start(string path)
    {
        thread.Note();
        var relay = new FakeRelay(thread, _pids++, (at, self) => _doors[at] = self, () => DoorFailuresLeft-- > 0);
        _running[relay.Id] = relay;
        relay.Run(path);
        return relay;
    }

    public Task KillAsync(int pid, CancellationToken cancellation)
    {
        thread.Note();
        Kill(pid);
        return Task.CompletedTask;
    }

    public void Rename(string from, string to)
    {
        if (!_doors.Remove(from, out var relay))
            throw new FileNotFoundException("Nothing is there.", from);
        _doors[to] = relay;
    }

    public void Delete(string path) => _doors.Remove(path);

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill(int pid)
    {
        if (!_running.Remove(pid, out var relay))
            return;
        foreach (var (path, _) in _doors.Where(d => d.Value == relay).ToList())
            _doors.Remove(path);
        relay.Kill();
    }
}

/// <summary>The relay's program on a host in memory.</summary>
internal sealed class FakeRelay(
    OneThread thread, int id, Action<string, FakeRelay> opened, Func<bool> doorFails) : IServingHost, IRelayChild, IAgentDoor
{
    private readonly Channel<IAgentConnection> _agents = Channel.CreateUnbounded<IAgentConnection>();
    private readonly CancellationTokenSource _killed = new();
    private readonly List<PairedStream> _streams = [];
    private readonly List<Listener> _listeners = [];
    private Task _program = Task.CompletedTask;

    public int Id => id;

    public bool HasExited => _program.IsCompleted;

    public int ExitCode => 0;

    public MonotonicClock Clock { get; } = new(thread.Time);

    public IEnumerable<VipAddress> Serving => _listeners.Where(l => l.Vip.MayServe).Select(l => l.Vip.Address);

    public void Run(string path) => _program = new RelayProgram(
        new RelayOptions { SocketPath = path, Node = "adc-1" }, this, NullLoggerFactory.Instance).RunAsync(_killed.Token);

    public Stream Connect()
    {
        var (agents, mine) = PairedStream.Pair();
        _streams.Add(mine);
        _agents.Writer.TryWrite(new Connection(thread, mine));
        return agents;
    }

    public void Kill()
    {
        foreach (var stream in _streams)
            stream.Dispose();
        _killed.Cancel();
    }

    public IAlarm Alarm(Action ring) => new TimerAlarm(Clock, ring);

    public IVipListener Listen(RelayedVip vip, int port, PortPlan plan)
    {
        thread.Note();
        var listener = new Listener(_listeners, vip) { Plan = plan };
        _listeners.Add(listener);
        return listener;
    }

    public IAgentDoor Open(string path)
    {
        opened(path, this);
        return this;
    }

    public async Task<IAgentConnection> NextAsync(CancellationToken stop)
    {
        while (await _agents.Reader.WaitToReadAsync(stop))
        {
            if (doorFails())
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            if (_agents.Reader.TryRead(out var agent))
                return agent;
        }

        throw new IOException("The door is closed.");
    }

    public void Dispose()
    {
    }

    private sealed class Listener(List<Listener> all, RelayedVip vip) : IVipListener
    {
        public RelayedVip Vip => vip;

        public string? Failure => null;

        public required PortPlan Plan { get; set; }

        public void Dispose() => all.Remove(this);
    }

    private sealed class TimerAlarm : IAlarm
    {
        private readonly MonotonicClock _clock;
        private readonly ITimer _timer;

        public TimerAlarm(MonotonicClock clock, Action ring)
        {
            _clock = clock;
            _timer = clock.Time.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Set(Instant at) => _timer.Change(at <= _clock.Now ? TimeSpan.Zero : at - _clock.Now, Timeout.InfiniteTimeSpan);

        public void Dispose() => _timer.Dispose();
    }

    private sealed class Connection(OneThread thread, PairedStream stream) : IAgentConnection
    {
        private readonly LineChannel _lines = new(stream);
        private readonly CancellationTokenSource _reading = new();

        public Task CarryAsync(Func<Task> conversation) => conversation();

        public async ValueTask<string?> ReadAsync()
        {
            thread.Note();
            try
            {
                return await _lines.ReadAsync(_reading.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public ValueTask WriteAsync(byte[] line) => _lines.WriteAsync(line, CancellationToken.None);

        public void StopReading() => _reading.Cancel();

        public void Cut() => stream.Dispose();

        public void Dispose() => stream.Dispose();
    }
}
