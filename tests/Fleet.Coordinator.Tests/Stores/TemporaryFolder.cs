namespace Fleet.Coordinator.Tests.Stores;

/// <summary>
/// A folder that goes with its test; in memory where there is such a file system, for thousands of <c>fsync</c> on a busy disk take their time.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } = Directory.Exists(Memory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"fleet-store-{Guid.NewGuid():n}")).FullName
        : Directory.CreateTempSubdirectory("fleet-store-").FullName;

    public string Segment(long firstRevision) => System.IO.Path.Combine(Path, "journal", $"{firstRevision:d20}.log");

    public string Snapshot(long revision) => System.IO.Path.Combine(Path, $"snapshot-{revision:d20}.json");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
