using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.Checks;

/// <summary>
/// Probes a set of backends, each at its own interval, and reports when a verdict changes. Loops start spread over their interval, and at most a
/// fixed number of probes run at once.
/// </summary>
/// <param name="changed">
/// Called on every change, in order, one at a time; it must neither block nor call back. A backend that is no longer probed, or whose address
/// changes, becomes unknown.
/// </param>
/// <param name="makeCheck">See <see cref="KnownChecks"/>.</param>
internal sealed partial class HealthChecker(
    Func<CheckSpec, bool, ICheck> makeCheck, Action<BackendKey, Verdict> changed, TimeProvider time, ILogger<HealthChecker> log) : IAsyncDisposable
{
    private const int ProbesAtOnceMax = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<BackendKey, Loop> _loops = [];
    private readonly List<Loop> _ending = [];
    private readonly Turns _slots = new(ProbesAtOnceMax);
    private bool _disposed;

    /// <summary>What this node thinks of everything it probes now.</summary>
    public ImmutableSortedDictionary<BackendKey, Verdict> Verdicts
    {
        get
        {
            lock (_gate)
                return _loops.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.State.Verdict);
        }
    }

    /// <summary>
    /// Probes these backends from now on, and no others. Calling it again with the same set changes nothing. A changed check keeps the verdict and
    /// counts anew.
    /// </summary>
    public void Reconcile(IEnumerable<BackendToCheck> desired)
    {
        var wanted = desired.ToDictionary(backend => backend.Key);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _ending.RemoveAll(loop => loop.Run.IsCompleted);
            foreach (var (key, loop) in _loops.ToArray())
            {
                if (wanted.TryGetValue(key, out var backend) && IsProbedAlike(backend, loop.Backend))
                    wanted.Remove(key);
                else
                    End(loop, keepsVerdict: backend is not null && backend.Backend.Address.Equals(loop.Backend.Backend.Address));
            }

            foreach (var backend in wanted.Values)
            {
                var before = _loops.TryGetValue(backend.Key, out var old) ? new RiseFall(old.State.Verdict, 0) : RiseFall.Unknown;
                var loop = new Loop(backend, before);
                _loops[backend.Key] = loop;
                loop.Run = RunAsync(loop);
            }
        }
    }

    /// <summary>Spreads the probes of many backends, and with them their load on this node, evenly over the interval.</summary>
    public static TimeSpan FirstProbeAfter(BackendKey backend, TimeSpan interval) => interval * (StableHash.Compute(backend.Value) % 1000 / 1000.0);

    /// <summary>Returns when no probe runs any more. It changes no verdict.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] runs;
        lock (_gate)
        {
            _disposed = true;
            runs = [.. _loops.Values.Concat(_ending).Select(loop => loop.Run)];
            foreach (var loop in _loops.Values)
                loop.Cancellation.Cancel();
            _loops.Clear();
        }

        await Task.WhenAll(runs);
    }

    /// <summary>A change of weight, for example, is no reason to begin again.</summary>
    private static bool IsProbedAlike(BackendToCheck one, BackendToCheck other) =>
        one.Backend.Address.Equals(other.Backend.Address) && one.Check == other.Check && one.ProxyProtocol == other.ProxyProtocol;

    private void End(Loop loop, bool keepsVerdict)
    {
        loop.Cancellation.Cancel();
        _ending.Add(loop);
        if (keepsVerdict)
            return;
        _loops.Remove(loop.Backend.Key);
        if (loop.State.Verdict != Verdict.Unknown)
            changed(loop.Backend.Key, Verdict.Unknown);
    }

    /// <summary>Ends on cancellation and on nothing else.</summary>
    private async Task RunAsync(Loop loop)
    {
        await Task.Yield(); // The caller that reconciles does not run the probe.
        using var cancellation = loop.Cancellation;
        var token = cancellation.Token;
        var check = makeCheck(loop.Backend.Check, loop.Backend.ProxyProtocol);
        var interval = TimeSpan.FromMilliseconds(Math.Max(loop.Backend.Check.IntervalMs, 1));
        try
        {
            await Task.Delay(FirstProbeAfter(loop.Backend.Key, interval), time, token);
            using var timer = new PeriodicTimer(interval, time);
            do
                Count(loop, await ProbeAsync(loop.Backend, check, token));
            while (await timer.WaitForNextTickAsync(token));
        }
        catch (Exception) when (token.IsCancellationRequested)
        {
            // Cancellation is the one way out, however the last probe ended.
        }
    }

    private async Task<ProbeResult> ProbeAsync(BackendToCheck backend, ICheck check, CancellationToken cancellation)
    {
        using var slot = await _slots.TakeAsync(cancellation);
        using var limit = new Deadline(time, TimeSpan.FromMilliseconds(backend.Check.TimeoutMs), cancellation);
        try
        {
            return await check.ProbeAsync(backend.Backend.Address, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ProbeResult.Bad($"no answer in {backend.Check.TimeoutMs} ms");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            ProbeFailed(log, e, backend.Key);
            return ProbeResult.Bad(e.Message);
        }
    }

    private void Count(Loop loop, ProbeResult result)
    {
        lock (_gate)
        {
            if (loop.Cancellation.IsCancellationRequested)
                return;
            var before = loop.State.Verdict;
            loop.State = loop.State.After(result.IsGood, loop.Backend.Check.Rise, loop.Backend.Check.Fall);
            if (loop.State.Verdict == before)
                return;
            VerdictChanged(log, loop.Backend.Key, loop.Backend.Backend.Address, loop.State.Verdict, result.Failure ?? "it answers");
            changed(loop.Backend.Key, loop.State.Verdict);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Backend {Backend} at {Address} is {Verdict}: {Reason}.")]
    private static partial void VerdictChanged(ILogger logger, BackendKey backend, IPEndPoint address, Verdict verdict, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A probe of {Backend} ended in an exception, which counts as a bad probe.")]
    private static partial void ProbeFailed(ILogger logger, Exception exception, BackendKey backend);

    private sealed class Loop(BackendToCheck backend, RiseFall state)
    {
        public BackendToCheck Backend => backend;

        public CancellationTokenSource Cancellation { get; } = new();

        /// <summary>Guarded by the checker's gate.</summary>
        public RiseFall State { get; set; } = state;

        public Task Run { get; set; } = Task.CompletedTask;
    }
}
