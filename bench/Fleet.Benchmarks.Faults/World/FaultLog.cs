using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>
/// The file of all that was done, and found: seconds since the start, and the time of day that the programs' logs speak of. May be used by many
/// threads.
/// </summary>
internal sealed class FaultLog : IDisposable
{
    private readonly Instant _begun = MonotonicClock.System.Now;
    private readonly StreamWriter _file;
    private readonly Lock _gate = new();

    public FaultLog(string folder) => _file = new StreamWriter(Path.Combine(folder, "faults.txt"), append: true) { AutoFlush = true };

    public TimeSpan Age => MonotonicClock.System.Now - _begun;

    public void Write(string text)
    {
        lock (_gate)
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Age.TotalSeconds,9:0.000} {DateTimeOffset.UtcNow:HH:mm:ss.fff} {text}"));
    }

    public void Dispose() => _file.Dispose();
}
