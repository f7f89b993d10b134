namespace Fleet.Coordinator.Stores.Files;

/// <summary>Bounds of the file store; the defaults are what a coordinator uses.</summary>
internal sealed record FileStoreOptions
{
    public static readonly FileStoreOptions Default = new();

    /// <summary>A segment that would grow beyond this is followed by a new one.</summary>
    public long SegmentBytesMax { get; init; } = 16 << 20;

    /// <summary>How many of the newest entries stay readable, whatever snapshots cover.</summary>
    public int EntriesKept { get; init; } = 1000;

    /// <summary>How often a candidate that waits tries the lock.</summary>
    public TimeSpan LockRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a follower looks whether the journal has grown.</summary>
    public TimeSpan TailEvery { get; init; } = TimeSpan.FromMilliseconds(100);
}
