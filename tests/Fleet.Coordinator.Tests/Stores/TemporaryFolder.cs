namespace Fleet.Coordinator.Tests.Stores;

/// <summary>A folder that goes with its test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fleet-store-").FullName;

    public string Segment(long firstRevision) => System.IO.Path.Combine(Path, "journal", $"{firstRevision:d20}.log");

    public string Snapshot(long revision) => System.IO.Path.Combine(Path, $"snapshot-{revision:d20}.json");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
