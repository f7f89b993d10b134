using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// An entry that may or may not be in the journal, from the write that failed until the store can be read again. Until then nothing is appended, and
/// commands wait. The asker is told what came of the entry, or after <see cref="AnswerAfter"/> that nobody knows.
/// </summary>
/// <param name="since">When the write began: the asker has waited since then, whatever the store's own attempts took.</param>
/// <param name="answer">What the asker is told when the entry is in the journal after all; null when nobody asked.</param>
internal sealed class DoubtfulWrite(IFleetStore store, MonotonicClock clock, JournalEntry entry, Instant since, LeaderWork.Answer? answer)
{
    /// <summary>With one look, or what is left of a store's attempts, that is within 2 s.</summary>
    public static readonly TimeSpan AnswerAfter = TimeSpan.FromSeconds(1.5);

    /// <summary>How long one look may hold up the loop: heartbeats wait meanwhile, and no lease may run out because of it.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private LeaderWork.Answer? _answer = answer;
    private Instant _due = clock.Now;
    private TimeSpan _pause = PauseMin;

    public JournalEntry Entry => entry;

    /// <summary>Commands that came since: their answers depend on what came of this entry.</summary>
    public List<LeaderInput> Held { get; } = [];

    /// <summary>The asker has waited long enough.</summary>
    public bool IsOverdue => clock.Now - since >= AnswerAfter;

    /// <summary>It is time to look again.</summary>
    public bool IsDue => clock.Now >= _due;

    /// <summary>The asker's answer, returned once.</summary>
    public LeaderWork.Answer? TakeAnswer()
    {
        var taken = _answer;
        _answer = null;
        return taken;
    }

    /// <summary>True: the entry is in the journal. False: it is not, and never will be. Null: not known yet.</summary>
    /// <exception cref="FencedException">Another coordinator's entry is in its place.</exception>
    public async Task<bool?> LookAsync(CancellationToken cancellation)
    {
        using var bound = new Deadline(clock.Time, LookMax, cancellation);
        try
        {
            await foreach (var found in store.ReadAsync(entry.Revision, bound.Token))
                return found.Term == entry.Term ? true : throw new FencedException(entry.Term, found.Term);
            return false;
        }
        catch (Exception e) when (e is StoreUnreachableException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            _due = clock.Now + _pause;
            _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
            return null;
        }
    }
}
