namespace Fleet.Shared.Api;

/// <summary>The read model in PostgreSQL, as the leader that writes it knows.</summary>
/// <param name="IsOn">There is one.</param>
/// <param name="Revision">The newest that is in it; 0 until that is known.</param>
/// <param name="Newest">The fleet's revision.</param>
/// <param name="LagSeconds">How long the oldest entry that is not in it has waited.</param>
/// <param name="Problem">Why nothing is written now; null when all is well.</param>
/// <param name="Rebuild">The newest that was asked of this leader; null is none.</param>
public sealed record ProjectionView(bool IsOn, long Revision, long Newest, double LagSeconds, string? Problem, RebuildView? Rebuild);

/// <summary>The read model is made anew, or was.</summary>
/// <param name="Number">Counts those of this process.</param>
/// <param name="State">waiting, running, done or failed.</param>
/// <param name="By">Who asked.</param>
/// <param name="Revision">Up to which it is made.</param>
/// <param name="Target">Up to which it has to be; 0 until that is known.</param>
/// <param name="Changed">How many rows were wrong, missing or too many; null until it is done.</param>
/// <param name="Why">Why it failed; the read model is as it was then.</param>
public sealed record RebuildView(
    long Number, string State, string By, DateTimeOffset Began, long Revision, long Target, long? Changed, string? Why)
{
    public const string Waiting = "waiting";

    public const string Running = "running";

    public const string Done = "done";

    public const string Failed = "failed";
}
