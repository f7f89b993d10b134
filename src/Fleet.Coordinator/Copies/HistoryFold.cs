using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Copies;

/// <summary>
/// Folds a history as a leader would that begins with it, and so finds out whether one could. Pure. Members return what is wrong, or null.
/// </summary>
internal sealed class HistoryFold
{
    private MapVersion? _last;

    /// <summary>What has been folded so far.</summary>
    public FleetState State { get; private set; } = FleetState.Empty;

    public FleetState? Snapshot { get; private set; }

    public long Entries { get; private set; }

    /// <summary>Of the first entry; 0 while there is none.</summary>
    public long FirstRevision { get; private set; }

    /// <summary>Of the newest entry.</summary>
    public MapVersion Last => _last ?? MapVersion.None;

    /// <summary>Before any entry.</summary>
    public void Begin(FleetState snapshot) => (Snapshot, State) = (snapshot, Readmission.Whole(snapshot));

    public string? Take(JournalEntry entry)
    {
        if (_last is { } before && (entry.Revision != before.Revision + 1 || entry.Term < before.Term))
            return $"entry {entry.Version} follows {before}";
        if (_last is null && entry.Revision > State.Map.Version.Revision + 1)
            return $"entries {State.Map.Version.Revision + 1} to {entry.Revision - 1} are missing";
        (_last, Entries) = (entry.Version, Entries + 1);
        FirstRevision = Entries == 1 ? entry.Revision : FirstRevision;
        if (entry.Revision <= State.Map.Version.Revision)
            return null;
        try
        {
            State = Evolver.Evolve(State, Readmission.Whole(entry));
            return null;
        }
        catch (InvariantBrokenException e)
        {
            return $"entry {entry.Version} cannot be folded: {e.Message}";
        }
    }

    /// <summary>After the last entry.</summary>
    public string? End() => _last is null ? "there is no entry: let a coordinator lead on it once, which writes one"
        : Last.Revision < State.Map.Version.Revision ? $"it ends with revision {Last.Revision}, before its snapshot of {State.Map.Version.Revision}"
        : null;
}
