using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Saves a snapshot every so many revisions. Snapshots only make the next start quicker: one that fails is tried again with the next entry.
/// </summary>
/// <param name="last">The revision of the newest snapshot there is.</param>
internal sealed partial class SnapshotPace(IFleetStore store, int every, long last, ILogger log)
{
    private long _newest = last;

    public Task AfterAsync(FleetState state, CancellationToken cancellation) =>
        state.Map.Version.Revision - _newest < every ? Task.CompletedTask : SaveAsync(state, cancellation);

    private async Task SaveAsync(FleetState state, CancellationToken cancellation)
    {
        var revision = state.Map.Version.Revision;
        try
        {
            await store.SaveSnapshotAsync(state, cancellation);
            _newest = revision;
        }
        catch (StoreUnreachableException e)
        {
            LogNoSnapshot(e, revision);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of revision {Revision} could be kept; the journal has it all")]
    private partial void LogNoSnapshot(Exception exception, long revision);
}
