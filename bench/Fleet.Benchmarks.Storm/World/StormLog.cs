using System.Globalization;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>
/// The file of all that was done to the fleet, and found: seconds since the start, and the time of day that the processes' logs speak of.
/// </summary>
internal sealed class StormLog : IDisposable
{
    private readonly MonotonicClock clock;
    private readonly StreamWriter file;
    private readonly Instant begun;
    private readonly Lock gate = new();

    public StormLog(string folder, MonotonicClock clock)
    {
        (Folder, this.clock) = (folder, clock);
        begun = clock.Now;
        file = new StreamWriter(Path.Combine(folder, "faults.txt"), append: true) { AutoFlush = true };
    }

    public string Folder { get; }

    public TimeSpan Age => clock.Now - begun;

    public void Write(string text)
    {
        lock (gate)
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Age.TotalSeconds,9:0.000} {clock.Time.GetUtcNow():HH:mm:ss.fff} {text}"));
    }

    public void Dispose() => file.Dispose();
}
