using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;

namespace Fleet.Coordinator.Control;

/// <summary>Carries out what a leader wants done. Nothing here waits: long work is only begun, and its result comes back as an input.</summary>
internal interface ILeaderEffects
{
    /// <summary>Whether a command is to be carried out: false when its asker has been told that nothing will be changed.</summary>
    bool Begins(RequestOrigin origin);

    /// <summary>Called after every step and every commit, even with nothing to do.</summary>
    void Do(IReadOnlyList<LeaderWork> works);

    /// <summary>The entry is in the journal; nobody has heard of it yet.</summary>
    void Record(JournalEntry entry);
}
