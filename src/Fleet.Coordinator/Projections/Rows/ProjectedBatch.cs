using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>When something was so: from one revision until, and without, another. Null is still.</summary>
internal readonly record struct Stretch(Moment From, Moment? To);

internal readonly record struct Moment(long Revision, DateTimeOffset At)
{
    public static Moment Of(JournalEntry entry) => new(entry.Revision, entry.At);
}

/// <summary>
/// What a number of entries change together. Whatever came and went in between is in the history and not in the tables that say what is now.
/// </summary>
internal sealed class ProjectedBatch
{
    private readonly Dictionary<IPAddress, (MoveRow Move, Moment Began)> _moving = [];

    /// <summary>Folds entries that follow each other.</summary>
    public ProjectedBatch(IReadOnlyList<ProjectedEntry> entries)
    {
        Entries = entries;
        (VipsClosed, Vips) = Stretches(entries.SelectMany(e => e.Vips.Select(v => (v.Address, v.Row, Moment.Of(e.Entry)))));
        (NodesClosed, Nodes) = Stretches(entries.SelectMany(e => e.Nodes.Select(n => (n.Name, n.Row, Moment.Of(e.Entry)))));
        Services = Last(entries.SelectMany(e => e.Services.Select(s => (s.Name, s.Row, Moment.Of(e.Entry)))));
        Backends = Last(entries.SelectMany(e => e.Backends.Select(b => (b.Key, b.Row, Moment.Of(e.Entry)))));
        Gslb = Last(entries.SelectMany(e => e.Gslb.Select(g => (g.Key, g.Row, Moment.Of(e.Entry)))));
        Weights = Last(entries.SelectMany(e => e.Weights.Select(w => (w.Node, w.Row, Moment.Of(e.Entry)))));
        foreach (var entry in entries)
            Follow(entry);
        Moves.AddRange(_moving.Values.Select(open => (open.Move, new Stretch(open.Began, null))));
    }

    public IReadOnlyList<ProjectedEntry> Entries { get; }

    public JournalEntry Last() => Entries[^1].Entry;

    /// <summary>Stretches in the database that end.</summary>
    public ImmutableArray<(IPAddress Key, Moment At)> VipsClosed { get; }

    public ImmutableArray<(VipRow Row, Stretch When)> Vips { get; }

    /// <inheritdoc cref="VipsClosed"/>
    public ImmutableArray<(string Key, Moment At)> NodesClosed { get; }

    public ImmutableArray<(NodeRow Row, Stretch When)> Nodes { get; }

    public ImmutableArray<(string Key, ServiceRow? Row, Moment At)> Services { get; }

    public ImmutableArray<(BackendKey Key, BackendRow? Row, Moment At)> Backends { get; }

    public ImmutableArray<(GslbKey Key, GslbRow? Row, Moment At)> Gslb { get; }

    public ImmutableArray<(string Key, WeightRow? Row, Moment At)> Weights { get; }

    /// <summary>Moves in the database that have ended.</summary>
    public List<(IPAddress Vip, string Outcome, Moment At)> EndedMoves { get; } = [];

    public List<(MoveRow Row, Stretch When)> Moves { get; } = [];

    private void Follow(ProjectedEntry entry)
    {
        var at = Moment.Of(entry.Entry);
        foreach (var (vip, outcome) in entry.EndedMoves)
        {
            if (_moving.Remove(vip, out var open))
                Moves.Add((open.Move with { Outcome = outcome }, new Stretch(open.Began, at)));
            else
                EndedMoves.Add((vip, outcome, at));
        }

        foreach (var move in entry.Moves)
        {
            if (move.Outcome == Projection.Moving)
                _moving[move.Vip] = (move, at);
            else
                Moves.Add((move, new Stretch(at, at)));
        }
    }

    private static (ImmutableArray<(TKey Key, Moment At)> Closed, ImmutableArray<(TRow Row, Stretch When)> Rows) Stretches<TKey, TRow>(
        IEnumerable<(TKey Key, TRow? Row, Moment At)> changes)
        where TRow : class
    {
        var closed = ImmutableArray.CreateBuilder<(TKey, Moment)>();
        var rows = ImmutableArray.CreateBuilder<(TRow, Stretch)>();
        foreach (var one in changes.GroupBy(change => change.Key))
        {
            var all = one.ToArray();
            closed.Add((one.Key, all[0].At));
            for (var i = 0; i < all.Length; i++)
            {
                if (all[i].Row is { } row)
                    rows.Add((row, new Stretch(all[i].At, i + 1 < all.Length ? all[i + 1].At : null)));
            }
        }

        return (closed.ToImmutable(), rows.ToImmutable());
    }

    private static ImmutableArray<(TKey, TRow?, Moment)> Last<TKey, TRow>(IEnumerable<(TKey Key, TRow? Row, Moment At)> changes)
        where TRow : class => [.. changes.GroupBy(change => change.Key).Select(one => one.Last())];
}
