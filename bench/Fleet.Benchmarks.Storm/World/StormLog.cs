using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>
/// The file of all that was done to the fleet, and found: seconds since the start, and the time of day that the processes' logs speak of.
/// </summary>
internal sealed class StormLog : IDisposable
{
    private readonly MonotonicClock _clock;
    private readonly StreamWriter _file;
    private readonly Instant _begun;
    private readonly Lock _gate = new();

    public StormLog(string folder, MonotonicClock clock)
    {
        (Folder, _clock) = (folder, clock);
        _begun = clock.Now;
        _file = new StreamWriter(Path.Combine(folder, "faults.txt"), append: true) { AutoFlush = true };
    }

    public string Folder { get; }

    public TimeSpan Age => _clock.Now - _begun;

    public void Write(string text)
    {
        lock (_gate)
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Age.TotalSeconds,9:0.000} {_clock.Time.GetUtcNow():HH:mm:ss.fff} {text}"));
    }

    public void Dispose() => _file.Dispose();
}
