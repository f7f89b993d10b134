using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// The question the leader puts to the watchers of a silent node: "for how long have you not vouched for it?", and their answers. Because the question was asked at
/// a known moment, an answer to it speaks about a time before and up to that moment; answers that were under way earlier would prove nothing.
/// </summary>
/// <param name="AskedAt">By the leader's clock.</param>
/// <param name="Sets">Every set of watchers that the node may be renewing by.</param>
/// <param name="Since">When the first of the questions was asked that have had no answer from the node itself.</param>
/// <param name="LastVouched">By watcher: the latest moment, by the leader's clock, at which it can have vouched before the question reached it.</param>
public sealed record Inquest(long Id, Instant Since, Instant AskedAt, ImmutableArray<WatcherSet> Sets, ImmutableSortedDictionary<NodeName, Instant> LastVouched)
{
    /// <summary>How soon a question is asked anew when enough have answered and their answers prove nothing yet.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(4);

    /// <summary>How long it waits for answers before it is asked anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public static Inquest Open(long id, Instant now, ImmutableArray<WatcherSet> sets, Inquest? before = null) =>
        new(id, before?.Since ?? now, now, sets, ImmutableSortedDictionary<NodeName, Instant>.Empty);

    public Inquest Hear(NodeName watcher, TimeSpan silent, Instant now) => this with { LastVouched = LastVouched.SetItem(watcher, now - silent) };

    public bool IsDueAgain(Instant now) => now - AskedAt >= (IsAnswered ? AskAgain : Patience);

    /// <summary>
    /// At the moment of the question, enough watchers of every set had not vouched for a whole lease and margin: the node's lease had run out, and a lease that has
    /// run out is renewed by the leader alone.
    /// </summary>
    public bool Proves(TimeSpan durationAndMargin) => Sets.All(set =>
        set.Watchers.Count(w => LastVouched.TryGetValue(w, out var vouched) && vouched + durationAndMargin <= AskedAt) >= WatchQuorum.Denying(set.Watchers.Length));

    private bool IsAnswered => Sets.All(set => set.Watchers.Count(LastVouched.ContainsKey) >= WatchQuorum.Denying(set.Watchers.Length));
}
