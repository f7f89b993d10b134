using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>What each prober hears from the feedback agents, and of which backends there may be something to tell.</summary>
public sealed class FeedbackObservations
{
    public static readonly FeedbackObservations None = new(
        ImmutableDictionary<BackendKey, ImmutableSortedDictionary<NodeName, int>>.Empty, ImmutableDictionary<NodeName, ImmutableSortedSet<BackendKey>>.Empty, [], Instant.Never);

    private readonly ImmutableDictionary<BackendKey, ImmutableSortedDictionary<NodeName, int>> words;
    private readonly ImmutableDictionary<NodeName, ImmutableSortedSet<BackendKey>> heardBy;

    private FeedbackObservations(
        ImmutableDictionary<BackendKey, ImmutableSortedDictionary<NodeName, int>> words,
        ImmutableDictionary<NodeName, ImmutableSortedSet<BackendKey>> heardBy,
        ImmutableSortedSet<BackendKey> news,
        Instant toldAt) => (this.words, this.heardBy, News, ToldAt) = (words, heardBy, news, toldAt);

    /// <summary>Somebody has said something of these since they were last weighed.</summary>
    public ImmutableSortedSet<BackendKey> News { get; }

    public Instant ToldAt { get; }

    /// <summary>Per cent by prober.</summary>
    public ImmutableSortedDictionary<NodeName, int> Of(BackendKey backend) => words.GetValueOrDefault(backend) ?? ImmutableSortedDictionary<NodeName, int>.Empty;

    /// <summary>Below 0 takes a word back.</summary>
    public FeedbackObservations Hear(NodeName node, IReadOnlyCollection<KeyValuePair<BackendKey, int>> said)
    {
        if (said.Count == 0)
            return this;
        var next = words.ToBuilder();
        var mine = (heardBy.GetValueOrDefault(node) ?? []).ToBuilder();
        foreach (var (backend, percent) in said)
        {
            var others = next.GetValueOrDefault(backend) ?? ImmutableSortedDictionary<NodeName, int>.Empty;
            others = percent < 0 ? others.Remove(node) : others.SetItem(node, Math.Min(percent, FeedbackFold.Whole));
            _ = percent < 0 ? mine.Remove(backend) : mine.Add(backend);
            if (others.IsEmpty)
                next.Remove(backend);
            else
                next[backend] = others;
        }

        return new FeedbackObservations(next.ToImmutable(), heardBy.SetItem(node, mine.ToImmutable()), News.Union(said.Select(word => word.Key)), ToldAt);
    }

    /// <summary>The node says it all anew, or is gone: what it said before does not count.</summary>
    public FeedbackObservations Without(NodeName node) =>
        heardBy.TryGetValue(node, out var mine) ? Hear(node, [.. mine.Select(backend => KeyValuePair.Create(backend, -1))]) : this;

    /// <summary>The map may have forgotten what it knew: everything is weighed again.</summary>
    public FeedbackObservations WeighAll() => words.IsEmpty ? this : new FeedbackObservations(words, heardBy, [.. words.Keys], ToldAt);

    /// <summary>The map says all there is to tell.</summary>
    public FeedbackObservations Weighed() => News.IsEmpty ? this : new FeedbackObservations(words, heardBy, [], ToldAt);

    public FeedbackObservations Told(Instant now) => new(words, heardBy, [], now);
}
