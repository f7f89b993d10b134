using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Copies;

/// <summary>
/// The history that an import writes. A final copy goes on where it ends. After any other copy the fleet may have gone on, and nodes may work by maps
/// that it does not know. A term or a revision that is given a second time would pass for what they know, so a restored fleet goes on far beyond any
/// that can have been given: with the state alone, and one empty entry. Pure.
/// </summary>
internal static class Restart
{
    /// <summary>More than a fleet writes between two copies, and a crash-looping coordinator takes terms in a week.</summary>
    public const long Leap = 1_000_000;

    public static WholeHistory After(CheckedCopy copy, DateTimeOffset now) => copy.End.IsFinal
        ? new WholeHistory(copy.Snapshot, token => CopyFile.EntriesAsync(copy.File, token), copy.FirstRevision, copy.Last, copy.End.Term)
        : Beyond(copy, now);

    private static WholeHistory Beyond(CheckedCopy copy, DateTimeOffset now)
    {
        var version = new MapVersion(copy.End.Term + Leap, copy.Last.Revision + Leap);
        var entry = new JournalEntry(version.Revision, version.Term, now, Principal.System("pbm store import"), []);
        return new WholeHistory(At(copy.State, version), _ => new[] { entry }.ToAsyncEnumerable(), version.Revision, version, version.Term);
    }

    private static FleetState At(FleetState state, MapVersion version) => state with
    {
        Map = state.Map with { Version = version, Parent = state.Map.Version },
    };
}
