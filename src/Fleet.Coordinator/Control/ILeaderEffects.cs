using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;

namespace Fleet.Coordinator.Control;

/// <summary>What does what a leader wants done. Nothing here waits: what takes long is begun, and comes back as an input.</summary>
internal interface ILeaderEffects
{
    /// <summary>Called after every step and every commit, also with nothing to do.</summary>
    void Do(IReadOnlyList<LeaderWork> works);

    /// <summary>The entry is in the journal; nobody has heard of it yet.</summary>
    void Record(JournalEntry entry);
}
