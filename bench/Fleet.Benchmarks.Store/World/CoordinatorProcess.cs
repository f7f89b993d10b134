using System.Globalization;
using System.Net;
using Fleet.Demo.Processes;
using Fleet.Demo.Servers;

namespace Fleet.Benchmarks.Store.World;

/// <summary>A coordinator as people run it, and what its log says when.</summary>
internal sealed class CoordinatorProcess : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly string _logFile;

    private CoordinatorProcess(ChildProcess process, IPEndPoint listen, string logFile, DateTimeOffset started) =>
        (_process, Listen, _logFile, Started) = (process, listen, logFile, started);

    public IPEndPoint Listen { get; }

    /// <summary>Before there was a process.</summary>
    public DateTimeOffset Started { get; }

    /// <param name="name">It is found by this name and address when it is started again.</param>
    public static CoordinatorProcess Start(string name, IPEndPoint listen, string folder, IEnumerable<string> settings)
    {
        string[] own = [$"fleet.coordinator.name=\"{name}\"", $"fleet.coordinator.listen=\"{listen}\"", .. settings];
        var logFile = Path.Combine(folder, $"{name}-{Guid.NewGuid():n}.log");
        var started = TimeProvider.System.GetUtcNow();
        var process = ChildProcess.Start(name, Programs.Coordinator, own.SelectMany(setting => new[] { "--set", setting }), logFile);
        return new CoordinatorProcess(process, listen, logFile, started);
    }

    public static IPEndPoint NewAddress() => new(IPAddress.Loopback, LoopbackPort.Next());

    /// <summary>When its log said these words first, to the millisecond.</summary>
    /// <exception cref="TimeoutException">It did not, for a minute, or it has ended.</exception>
    public async Task<DateTimeOffset> SaysAsync(string words, CancellationToken cancellation)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var hasEnded = _process.HasExited || TimeProvider.System.GetUtcNow() > until;
            var lines = await ReadAsync(cancellation);
            if (lines.FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } said)
                return DateTimeOffset.Parse(said.AsSpan(0, said.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            if (hasEnded)
                throw new TimeoutException($"{_process.Name} has not said '{words}':\n{string.Join('\n', lines.TakeLast(10))}");
            await Task.Delay(LookEvery, cancellation);
        }
    }

    /// <summary>What it has had of the processors so far.</summary>
    public TimeSpan Processor()
    {
        using var process = System.Diagnostics.Process.GetProcessById(_process.Pid);
        return process.TotalProcessorTime;
    }

    /// <summary><c>kill -9</c>; it is gone when this returns.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Send(Signal.Kill);
        await _process.WaitAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<string[]> ReadAsync(CancellationToken cancellation)
    {
        await using var file = new FileStream(_logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file);
        return (await text.ReadToEndAsync(cancellation)).Split('\n');
    }
}
