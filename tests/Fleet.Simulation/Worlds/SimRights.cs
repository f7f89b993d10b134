using Fleet.Coordinator.Stores;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// Who of several coordinators may acknowledge something, by true time and without a word of theirs: what the store was asked, what it answered, and
/// when the question was sent.
/// </summary>
public sealed class SimRights(World world)
{
    private static readonly LeadershipTiming Timing = LeadershipTiming.Default;

    private readonly Dictionary<ProcessLife, Leadership> _rights = [];
    private readonly Dictionary<long, ProcessLife> _lives = [];

    /// <summary>Set when something has left a coordinator that must not; <see cref="Checkers.AcknowledgesInTime"/> looks at it.</summary>
    public string? Broken { get; private set; }

    /// <summary>The newest term in which something has left a leader, and since when.</summary>
    public (long Term, long Since) Newest { get; private set; }

    /// <summary>Microseconds from the sending of a question: no clock of this world takes longer for what a leader counts on.</summary>
    private long Longest => (long)(Timing.Counted.TotalMicroseconds * (1 + (1.2e-6 * world.Settings.ClockPpmMax))) + 1;

    internal void Begin(Leadership leadership, ProcessLife life) => _rights[life] = leadership;

    /// <summary>Something is leaving a leader's process.</summary>
    public void Leaves(string what, ProcessLife life)
    {
        if (world.Storage is not { } storage)
            return;
        if (!_rights.TryGetValue(life, out var leadership))
        {
            Broken ??= $"{what} leaves {life.Name}, which has never led.";
            return;
        }

        var term = leadership.Term;
        var isFirst = term > Newest.Term;
        if (!leadership.IsValid)
            Broken ??= $"{what} leaves {life.Name} in term {term}, whose leadership was valid until {leadership.ValidUntil}.";
        else if (storage.Stood(term) is not { } stood || world.Now >= stood + Longest)
            Broken ??= $"{what} leaves {life.Name} in term {term}, for which the store has not answered for too long.";
        else if (term < Newest.Term)
            Broken ??= $"{what} leaves {life.Name} in term {term}, and term {Newest.Term} has acknowledged something already.";
        else if (_lives.TryGetValue(term, out var other) && other != life)
            Broken ??= $"{what} leaves {life.Name} in term {term}, which is {other.Name}'s.";
        else if (isFirst && storage.Terms.FirstOrDefault(before => before < term && MayStillLead(before, life)) is > 0 and var before)
            Broken ??= $"{what} leaves {life.Name} in term {term}, while the leader of term {before} may still acknowledge something.";
        _lives[term] = life;
        if (isFirst)
            Newest = (term, world.Now);
    }

    /// <summary>
    /// Somebody else has that leadership, nobody has seen it end, and its time may not be over. One that was won, and given back before its winner
    /// had it, is nobody's; should anything leave in it after all, a newer term has acknowledged something by then.
    /// </summary>
    private bool MayStillLead(long term, ProcessLife asking) =>
        world.Now < world.Storage!.Stood(term) + Longest
        && _rights.Any(right => right.Value.Term == term && right.Key != asking && !HasEnded(right));

    /// <summary>The dead say nothing any more; who has given it back has ended it first.</summary>
    private static bool HasEnded(KeyValuePair<ProcessLife, Leadership> right) => right.Key.IsDead || right.Value.Ended.IsCancellationRequested;
}
