using System.Net;
using Fleet.Demo.Processes;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>
/// One coordinator, and what looks after it: it is started again when it has ended, as a unit of systemd does. A coordinator that is deposed ends.
/// </summary>
internal sealed class Coordinator(int number, IPEndPoint listen, string folder, IReadOnlyList<string> settings, FaultLog log) : IAsyncDisposable
{
    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private ChildProcess? _process;
    private TaskCompletionSource? _held;
    private Task _keeping = Task.CompletedTask;
    private int _life;
    private Instant _since = Instant.Never;

    public int Number => number;

    public string Name => $"c{number}";

    public IPEndPoint Listen => listen;

    public Uri Url { get; } = new($"http://{listen}");

    public string LogFile => Path.Combine(folder, $"{Name}.log");

    /// <summary>How many of its processes have ended, and when the last of them was gone: whatever it had under way, it does no more.</summary>
    public (int Life, Instant Since) Life
    {
        get
        {
            lock (_gate)
                return (_life, _since);
        }
    }

    public void Start() => _keeping = KeepAsync();

    /// <summary><c>kill -9</c>; it is started again after <see cref="Release"/>.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _process?.Send(Signal.Kill);
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _held?.TrySetResult();
            _held = null;
        }
    }

    public void Stop() => Send(Signal.Stop);

    /// <summary>One that has been started meanwhile goes on as it does.</summary>
    public void Continue() => Send(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Release();
        await _keeping;
        _end.Dispose();
    }

    private void Send(Signal signal)
    {
        lock (_gate)
        {
            if (_process is { HasExited: false } process)
                process.Send(signal);
        }
    }

    private async Task KeepAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var process = ChildProcess.Start(Name, Programs.Coordinator, settings.SelectMany(setting => new[] { "--set", setting }), LogFile);
            await using (process)
            {
                lock (_gate)
                    _process = process;
                await process.WaitAsync(_end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Task held;
            lock (_gate)
            {
                (_life, _since, _process) = (_life + 1, MonotonicClock.System.Now, null);
                held = _held?.Task ?? Task.CompletedTask;
            }

            log.Write($"{Name} has ended");
            await Task.WhenAll(held, Task.Delay(StartAgainAfter, _end.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
