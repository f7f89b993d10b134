using Fleet.Shared.Model;

namespace Fleet.Coordinator.Control;

/// <summary>How far the read model in PostgreSQL is, for those who look. The projection writes it, from its own thread.</summary>
internal sealed class ProjectionStatus
{
    /// <summary>Behind by more than this is a problem for people.</summary>
    public static readonly TimeSpan LagMax = TimeSpan.FromSeconds(10);

    private long _revision;

    /// <summary>There is one to follow.</summary>
    public bool IsOn { get; init; }

    /// <summary>The newest that is in the read model; 0 until that is known.</summary>
    public long Revision
    {
        get => Volatile.Read(ref _revision);
        set => Volatile.Write(ref _revision, value);
    }

    /// <summary>Why nothing is written now; null when all is well.</summary>
    public string? Error { get; set; }

    /// <summary>Entries that this process has written.</summary>
    public long Entries { get; set; }

    public long Failures { get; set; }

    /// <summary>How long the oldest entry that is not in the read model has waited.</summary>
    /// <param name="newest">The leader's revision.</param>
    public TimeSpan Lag(long newest, RecentEvents events, DateTimeOffset now)
    {
        var done = Revision;
        if (!IsOn || done >= newest)
            return TimeSpan.Zero;
        var waiting = events.From(done + 1).FirstOrDefault();
        return waiting is null || waiting.At > now ? TimeSpan.Zero : now - waiting.At;
    }

    /// <summary>What an operator should look at.</summary>
    public IEnumerable<string> Problems(MapVersion newest, RecentEvents events, DateTimeOffset now)
    {
        var lag = Lag(newest.Revision, events, now);
        if (lag > LagMax)
            yield return $"The read model in PostgreSQL is {lag.TotalSeconds:0} s and {newest.Revision - Revision} revisions behind"
                + $"{(Error is { } error ? $": {error}" : ".")}";
    }
}
