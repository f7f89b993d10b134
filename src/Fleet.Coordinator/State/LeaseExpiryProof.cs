using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// The questions that the leader puts to the witnesses of a node that it does not hear, or that it fences: "for how long have you not vouched for
/// it?", and their answers. Each question was asked at a known moment, so an answer to it speaks about the time up to that moment at least; answers
/// that were under way earlier would prove nothing. Questions are asked again and again without waiting for answers, and an answer counts however
/// late it comes. A witness's distance decides how long a proof takes, never whether there is one.
/// </summary>
/// <param name="Since">When the first question was asked.</param>
/// <param name="AskedAt">When the newest was asked.</param>
/// <param name="Answers">By witness: its answer to the newest question that it has answered.</param>
internal sealed record LeaseExpiryProof(Instant Since, Instant AskedAt, ImmutableSortedDictionary<NodeName, WitnessAnswer> Answers)
{
    /// <summary>
    /// The shortest and the longest pause between two questions: it grows with the time that the proof takes, to a sixteenth of it.
    /// </summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(100);

    /// <summary>With many suspects the pause is this much longer for each of them.</summary>
    private static readonly TimeSpan PausePerSuspect = TimeSpan.FromMilliseconds(0.1);

    /// <summary>When the answers first proved the node lost; null while they do not.</summary>
    public Instant? ProvenAt { get; init; }

    public static LeaseExpiryProof Open(Instant now) => new(now, now, ImmutableSortedDictionary<NodeName, WitnessAnswer>.Empty);

    public bool IsDueAgain(Instant now, int suspects) => now - AskedAt >= Pause(now - Since, suspects);

    public LeaseExpiryProof AskAgain(Instant now) => this with { AskedAt = now };

    /// <summary>Takes what a witness says; an answer to an older question than the one it has answered already says nothing new.</summary>
    /// <param name="askedAt">When the question was asked.</param>
    /// <param name="silent">For how long it had not vouched when it answered.</param>
    public LeaseExpiryProof Hear(NodeName witness, Instant askedAt, TimeSpan silent, Instant now) =>
        Answers.TryGetValue(witness, out var known) && known.AskedAt >= askedAt
        ? this
        : this with { Answers = Answers.SetItem(witness, new WitnessAnswer(askedAt, now - silent)) };

    /// <summary>
    /// There is a moment at which the leader had acknowledged nothing for a whole lease and margin, and enough witnesses of every set had not vouched
    /// for as long. The node's lease had run out then, whichever set it renews by. Only the leader can give back a lease that has run out, or
    /// witnesses that were not asked since.
    /// </summary>
    /// <param name="sets">Every set of witnesses that the node may be renewing by.</param>
    /// <param name="granted">When the leader last acknowledged a heartbeat of it.</param>
    public bool Proves(ImmutableArray<WitnessSet> sets, Instant granted, TimeSpan durationAndMargin) =>
        Answers.Values.Select(a => a.AskedAt).Distinct().Any(moment =>
            granted + durationAndMargin <= moment
            && sets.All(set => set.Witnesses.Count(w => Denies(w, moment, durationAndMargin)) >= WitnessQuorum.Denying(set.Witnesses.Length)));

    private bool Denies(NodeName witness, Instant moment, TimeSpan durationAndMargin) =>
        Answers.TryGetValue(witness, out var answer) && answer.Denies(moment, durationAndMargin);

    private static TimeSpan Pause(TimeSpan taken, int suspects)
    {
        var grown = taken / 16;
        var pause = grown < PauseMin ? PauseMin : grown > PauseMax ? PauseMax : grown;
        var crowded = PausePerSuspect * suspects;
        return crowded > pause ? crowded : pause;
    }
}

/// <summary>What a witness says of a node.</summary>
/// <param name="AskedAt">By the leader's clock; the witness answered later, and had not vouched since <see cref="LastVouched"/> until it did.</param>
/// <param name="LastVouched">The latest moment, by the leader's clock, at which it can have vouched before it answered.</param>
internal readonly record struct WitnessAnswer(Instant AskedAt, Instant LastVouched)
{
    /// <summary>The witness had not vouched for that long before the moment.</summary>
    public bool Denies(Instant moment, TimeSpan span) => AskedAt >= moment && LastVouched + span <= moment;
}
