namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>Bounds of the PostgreSQL store; the defaults are what a coordinator uses.</summary>
internal sealed record PostgresStoreOptions
{
    public static readonly PostgresStoreOptions Default = new();

    public LeadershipTiming Timing { get; init; } = LeadershipTiming.Default;

    /// <summary>
    /// How often a candidate that waits tries the lock. It does not queue for it: the server would give the lock to a candidate whose host is dead.
    /// </summary>
    public TimeSpan LockRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a candidate waits before it goes again to a database that cannot be used.</summary>
    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A write that is not answered by then is in doubt. The leader answers no heartbeats while it waits for one, and a lease lasts 400 ms.
    /// </summary>
    public TimeSpan AppendWithin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long anything else waits for the database before it says that it does not answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a large state may take to be written or read.</summary>
    public TimeSpan SnapshotWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a follower looks although it was told of nothing: what it is told may be lost with a connection.</summary>
    public TimeSpan TailEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the newest entries stay readable, whatever snapshots cover.</summary>
    public int EntriesKept { get; init; } = 1000;
}
