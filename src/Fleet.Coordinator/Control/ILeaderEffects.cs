using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;

namespace Fleet.Coordinator.Control;

/// <summary>Carries out what a leader wants done. Nothing here waits: long work is only begun, and its result comes back as an input.</summary>
internal interface ILeaderEffects
{
    /// <summary>Called after every step and every commit, even with nothing to do.</summary>
    void Do(IReadOnlyList<LeaderWork> works);

    /// <summary>The entry is in the journal; nobody has heard of it yet.</summary>
    void Record(JournalEntry entry);
}
