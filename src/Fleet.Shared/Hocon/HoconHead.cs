using System.Collections.Immutable;

namespace Fleet.Shared.Hocon;

/// <summary>
/// What kind of value a definition turns out to be, and no more: the fields of an object and the items of an array stay unresolved,
/// so that `bar { foo = 42, baz = ${bar.foo} }` is no cycle.
/// </summary>
internal abstract record HoconHead
{
    HoconHead() { }

    /// <summary>An optional substitution without a value: the definition does not exist.</summary>
    internal sealed record Undefined : HoconHead;

    internal sealed record Scalar(HoconValue Value) : HoconHead;

    internal sealed record Items(ImmutableArray<HoconNode> Nodes, HoconOrigin Origin) : HoconHead;

    /// <summary>Objects that are to be merged, the one that wins first.</summary>
    internal sealed record Objects(ImmutableArray<HoconNode.Object> Parts, HoconOrigin Origin) : HoconHead
    {
        /// <summary>Laid over others; a part that is in both counts once, where it wins.</summary>
        public Objects Over(Objects below) =>
            this with { Parts = [.. Parts.Union(below.Parts, (IEqualityComparer<HoconNode.Object>)ReferenceEqualityComparer.Instance)] };
    }
}

/// <summary>One definition of a field, with its place among the others: a self-reference may see only those before it.</summary>
internal readonly record struct HoconDefinition(HoconNode Node, HoconNode.Slot? Slot, int Index);

/// <summary>The definitions that are out of sight while a chain of substitutions is followed: all of a slot from an index on.</summary>
internal sealed record HoconObservations(HoconNode.Slot Slot, int Before, HoconObservations? Rest)
{
    public static int Visible(HoconObservations? sight, HoconNode.Slot slot)
    {
        var visible = slot.Definitions.Count;
        for (; sight is not null; sight = sight.Rest)
            if (ReferenceEquals(sight.Slot, slot))
                visible = Math.Min(visible, sight.Before);
        return visible;
    }
}
