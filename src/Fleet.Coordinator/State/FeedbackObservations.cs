using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>What each prober hears from the feedback agents, and the backends for which there may be something to record.</summary>
internal sealed class FeedbackObservations
{
    /// <summary>Per cent: a backend that takes all of its weight.</summary>
    public const int Whole = 100;

    public static readonly FeedbackObservations None = new(
        ImmutableDictionary<BackendKey, ImmutableSortedDictionary<NodeName, int>>.Empty,
        ImmutableDictionary<NodeName, ImmutableSortedSet<BackendKey>>.Empty,
        [],
        Instant.Never);

    private readonly ImmutableDictionary<BackendKey, ImmutableSortedDictionary<NodeName, int>> _words;
    private readonly ImmutableDictionary<NodeName, ImmutableSortedSet<BackendKey>> _heardBy;

    private FeedbackObservations(
        ImmutableDictionary<BackendKey, ImmutableSortedDictionary<NodeName, int>> words,
        ImmutableDictionary<NodeName, ImmutableSortedSet<BackendKey>> heardBy,
        ImmutableSortedSet<BackendKey> news,
        Instant toldAt) => (_words, _heardBy, News, ToldAt) = (words, heardBy, news, toldAt);

    /// <summary>Backends that somebody has reported on since they were last weighed.</summary>
    public ImmutableSortedSet<BackendKey> News { get; }

    public Instant ToldAt { get; }

    /// <summary>Per cent by prober.</summary>
    public ImmutableSortedDictionary<NodeName, int> ReportedFor(BackendKey backend) =>
        _words.GetValueOrDefault(backend) ?? ImmutableSortedDictionary<NodeName, int>.Empty;

    /// <summary>A value below 0 takes a report back.</summary>
    public FeedbackObservations Hear(NodeName node, IReadOnlyCollection<KeyValuePair<BackendKey, int>> said)
    {
        if (said.Count == 0)
            return this;
        var next = _words.ToBuilder();
        var mine = (_heardBy.GetValueOrDefault(node) ?? []).ToBuilder();
        foreach (var (backend, percent) in said)
        {
            var others = next.GetValueOrDefault(backend) ?? ImmutableSortedDictionary<NodeName, int>.Empty;
            others = percent < 0 ? others.Remove(node) : others.SetItem(node, Math.Min(percent, Whole));
            _ = percent < 0 ? mine.Remove(backend) : mine.Add(backend);
            if (others.IsEmpty)
                next.Remove(backend);
            else
                next[backend] = others;
        }

        return new FeedbackObservations(
            next.ToImmutable(), _heardBy.SetItem(node, mine.ToImmutable()), News.Union(said.Select(word => word.Key)), ToldAt);
    }

    /// <summary>The node reports everything anew, or is gone: its earlier reports do not count.</summary>
    public FeedbackObservations Without(NodeName node) =>
        _heardBy.TryGetValue(node, out var mine) ? Hear(node, [.. mine.Select(backend => KeyValuePair.Create(backend, -1))]) : this;

    /// <summary>The map may have forgotten what it knew: everything is weighed again.</summary>
    public FeedbackObservations WeighAll() => _words.IsEmpty ? this : new FeedbackObservations(_words, _heardBy, [.. _words.Keys], ToldAt);

    /// <summary>The map has all there is to record.</summary>
    public FeedbackObservations Weighed() => News.IsEmpty ? this : new FeedbackObservations(_words, _heardBy, [], ToldAt);

    public FeedbackObservations Told(Instant now) => new(_words, _heardBy, [], now);
}
