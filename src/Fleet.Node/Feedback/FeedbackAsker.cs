using System.Net;
using System.Net.Sockets;
using Fleet.Node.Checks;
using Fleet.Node.Core;
using Fleet.Node.Feedback.Reading;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Feedback;

/// <summary>
/// Asks the feedback agents of a set of backends, each at its own interval, and reports when the remaining part of a weight changes. An agent that
/// does not answer, or talks nonsense, changes nothing: whether the backend lives is the health check's affair.
/// </summary>
/// <param name="changed">Called on every change; it must neither block nor call back. Null means that the backend is no longer asked.</param>
/// <param name="connect">Makes a connection to an agent: see <see cref="OverTcpAsync"/>.</param>
internal sealed partial class FeedbackAsker(
    Func<IPEndPoint, CancellationToken, Task<Stream>> connect,
    Action<BackendKey, int?> changed,
    MonotonicClock clock,
    ILogger<FeedbackAsker> log) : IAsyncDisposable
{
    private const int AskedAtOnceMax = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<BackendKey, Loop> _loops = [];
    private readonly List<Task> _ending = [];
    private readonly Turns _slots = new(AskedAtOnceMax);
    private long _unknown;
    private bool _disposed;

    /// <summary>Words that meant nothing, of all agents.</summary>
    public long UnknownWords => Interlocked.Read(ref _unknown);

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<Stream> OverTcpAsync(IPEndPoint agent, CancellationToken cancellation)
    {
        var socket = new Socket(agent.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(agent, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>From now on asks the agents of these backends, where they have one, and no others.</summary>
    public void Reconcile(IEnumerable<BackendToCheck> desired)
    {
        var wanted = desired.Where(backend => backend.Feedback is { } feedback && Limits.Port.Has(feedback.Port))
            .ToDictionary(
                backend => backend.Key,
                backend => new Agent(new IPEndPoint(backend.Backend.Address.Address, backend.Feedback!.Port), backend.Feedback));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _ending.RemoveAll(run => run.IsCompleted);
            foreach (var (key, loop) in _loops.ToArray())
            {
                if (wanted.TryGetValue(key, out var agent) && agent == loop.Agent)
                    wanted.Remove(key);
                else
                    End(key, loop, keepsWord: agent?.Address.Equals(loop.Agent.Address) == true);
            }

            foreach (var (key, agent) in wanted)
            {
                var loop = _loops[key] = new Loop(agent);
                loop.Run = RunAsync(key, loop);
            }
        }
    }

    /// <summary>Returns when nobody is asked any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] runs;
        lock (_gate)
        {
            _disposed = true;
            foreach (var loop in _loops.Values)
                loop.Cancellation.Cancel();
            runs = [.. _loops.Values.Select(loop => loop.Run), .. _ending];
            _loops.Clear();
        }

        await Task.WhenAll(runs);
    }

    private void End(BackendKey key, Loop loop, bool keepsWord)
    {
        loop.Cancellation.Cancel();
        _ending.Add(loop.Run);
        _loops.Remove(key);
        if (!keepsWord && loop.State.Percent is not null)
            changed(key, null);
    }

    /// <summary>Ends on cancellation and on nothing else.</summary>
    private async Task RunAsync(BackendKey key, Loop loop)
    {
        await Task.Yield(); // The caller that reconciles does not do the asking.
        using var cancellation = loop.Cancellation;
        var token = cancellation.Token;
        var interval = TimeSpan.FromMilliseconds(Math.Max(loop.Agent.Spec.IntervalMs, 1));
        try
        {
            await Task.Delay(HealthChecker.FirstProbeAfter(key, interval), clock.Time, token);
            using var timer = new PeriodicTimer(interval, clock.Time);
            do
                Take(key, loop, await AskAsync(loop.Agent, token));
            while (await timer.WaitForNextTickAsync(token));
        }
        catch (Exception) when (token.IsCancellationRequested)
        {
            // Cancellation is the one way out, however the last question ended.
        }
    }

    /// <summary>Null where no answer came.</summary>
    private async Task<AgentWords?> AskAsync(Agent agent, CancellationToken cancellation)
    {
        using var slot = await _slots.TakeAsync(cancellation);
        using var limit = new Deadline(clock.Time, TimeSpan.FromMilliseconds(agent.Spec.TimeoutMs), cancellation);
        try
        {
            return await ReadAsync(agent.Address, limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>One connection, one line: reads to the end of the line or of the connection.</summary>
    private async Task<AgentWords?> ReadAsync(IPEndPoint agent, CancellationToken cancellation)
    {
        await using var stream = await connect(agent, cancellation);
        var line = new byte[AgentWords.OctetsMax + 1];
        var length = 0;
        while (length < line.Length && line.AsSpan(0, length).IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            var read = await stream.ReadAsync(line.AsMemory(length), cancellation);
            if (read == 0)
                break;
            length += read;
        }

        return length == 0 ? null : AgentWords.Read(line.AsSpan(0, length));
    }

    private void Take(BackendKey key, Loop loop, AgentWords? answer)
    {
        lock (_gate)
        {
            if (answer is not { } words || loop.Cancellation.IsCancellationRequested)
                return;
            if (words.Unknown > 0 && Interlocked.Add(ref _unknown, words.Unknown) == words.Unknown)
                LogUnknown(log, key);
            var before = loop.State.Percent;
            loop.State = loop.State.After(words, clock.Now);
            if (loop.State.Percent != before)
                changed(key, loop.State.Percent);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The feedback agent of {Backend} says words that mean nothing; they are counted from now on, and change nothing.")]
    private static partial void LogUnknown(ILogger logger, BackendKey backend);

    private sealed record Agent(IPEndPoint Address, FeedbackSpec Spec);

    private sealed class Loop(Agent agent)
    {
        public Agent Agent => agent;

        public CancellationTokenSource Cancellation { get; } = new();

        public AgentState State { get; set; } = AgentState.Suspected;

        public Task Run { get; set; } = Task.CompletedTask;
    }
}
