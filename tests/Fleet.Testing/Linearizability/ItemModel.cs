using System.Collections.Immutable;

namespace Fleet.Testing.Linearizability;

/// <summary>One thing at one moment of an order.</summary>
/// <param name="Value">Null is not there.</param>
/// <param name="Revision">The lowest revision that the fleet can be at.</param>
/// <param name="IsSeen">False until it is known how the thing was at the start.</param>
internal readonly record struct ItemState(string? Value, long Revision, bool IsSeen = true);

/// <summary>
/// The law of one thing: what it becomes by the next call of an order, or null when that call cannot come next. A value is what the last change
/// made it. Nodes also come and go without being asked: one that joins is active, one that leaves is forgotten when it has handed over.
/// </summary>
/// <param name="taken">The revisions that known changes have made: no other change has them.</param>
internal sealed class ItemModel(Item item, ImmutableHashSet<long> taken)
{
    private const string Active = "active";
    private const string Leaving = "leaving";

    public ItemState StateAt(Observation start) => start.TryValue(item, out var value)
        ? new ItemState(value, start.Version?.Revision ?? 0)
        : new ItemState(null, start.Version?.Revision ?? 0, IsSeen: false);

    /// <summary>The same law, where this revision may be another's.</summary>
    public ItemModel Without(long revision) => new(item, taken.Remove(revision));

    /// <summary>The next call is one whose answer is known.</summary>
    public ItemState? Answered(ItemState before, BoundedCall bounded) => bounded.Call switch
    {
        { Operation: Operation.Change change, Outcome: Outcome.Done { Changed: true, Version.Revision: var revision } } =>
            revision > before.Revision && MayMake(before, change.Value) ? new ItemState(change.Value, revision) : null,
        { Operation: Operation.Change change, Outcome: Outcome.Done } => Found(before, bounded, change.Value),
        { Outcome: Outcome.Refused } => Found(before, bounded, null),
        { Outcome: Outcome.Saw saw } when saw.Sight.TryValue(item, out var value) => Found(before, bounded, value),
        _ => before,
    };

    /// <summary>
    /// The next thing that happens is a change of unknown outcome. It has the lowest free revision: an order that works with a higher one works with
    /// that too. A change that named a version has the revision after it and no other. A change that would change nothing need not happen.
    /// </summary>
    public ItemState? Happened(ItemState before, BoundedCall bounded)
    {
        var change = (Operation.Change)bounded.Call.Operation;
        if (before.IsSeen && before.Value == change.Value)
            return null;
        var least = Math.Max(before.Revision, bounded.Floor.Revision) + 1;
        var revision = change.IfVersion is { } wanted ? wanted.Revision + 1 : least;
        while (change.IfVersion is null && taken.Contains(revision))
            revision++;
        return revision >= least && revision <= bounded.Ceiling.Revision && !taken.Contains(revision) ? new ItemState(change.Value, revision) : null;
    }

    private ItemState? Found(ItemState before, BoundedCall bounded, string? value)
    {
        var revision = bounded.Call.Outcome.At?.Revision ?? Math.Max(before.Revision, bounded.Floor.Revision);
        return revision >= before.Revision && revision <= bounded.Ceiling.Revision && MayBe(before, value) ? new ItemState(value, revision) : null;
    }

    /// <summary>Whether the thing may have that value without anybody's asking.</summary>
    private bool MayBe(ItemState before, string? value) =>
        !before.IsSeen || before.Value == value || (item.Kind == ItemKind.Node && before.Value is null or Leaving && value is null or Active);

    /// <summary>An answer that a service was changed means that it did change. An intent is also set anew to forgive a node its losses.</summary>
    private bool MayMake(ItemState before, string? value) => item.Kind != ItemKind.Service || !before.IsSeen || before.Value != value;
}
