using System.Text.Json;
using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>The states a store keeps: the newest two, so that one damaged file costs nothing but a longer replay.</summary>
internal sealed class Snapshots(StoreFolder folder, Action<string> unreadable)
{
    private const int Kept = 2;

    /// <summary>The newest one that can be read, or null. Damaged ones are passed over and reported.</summary>
    public FleetState? Load() =>
        folder.Snapshots().Select(TryLoad).FirstOrDefault(state => state is not null);

    /// <summary>Returns the file that holds it, durably.</summary>
    public string Save(FleetState state)
    {
        var file = folder.SnapshotFile(state.Map.Version.Revision);
        folder.Replace(file, SealedLine.Seal(JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.FleetState)));
        return file;
    }

    /// <summary>
    /// Deletes what is older than the newest two, and returns the revision up to which the journal is not needed any more: the older one's, or 0.
    /// </summary>
    public long DropOld()
    {
        var snapshots = folder.Snapshots();
        foreach (var old in snapshots.Skip(Kept))
            folder.Disk.Delete(folder.SnapshotFile(old));
        return snapshots.Length >= Kept ? snapshots[Kept - 1] : 0;
    }

    private FleetState? TryLoad(long revision)
    {
        var file = folder.SnapshotFile(revision);
        try
        {
            var line = folder.Disk.ReadAll(file);
            SealedLine.RefuseOther(file, line);
            if (SealedLine.TryOpen(line, out var json)
                && JsonSerializer.Deserialize(json.Span, JournalJson.Default.FleetState) is { } state
                && state.Map.Version.Revision == revision)
            {
                return state;
            }
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            // Falls through to the report: a snapshot that cannot be read is no snapshot.
        }

        unreadable(file);
        return null;
    }
}
