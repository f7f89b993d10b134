using System.Collections.Immutable;

namespace Fleet.Shared.Hocon;

/// <summary>A resolved value: the JSON data model, each node with the place it was written at.</summary>
public abstract record HoconValue
{
    HoconValue(HoconOrigin origin) => Origin = origin;

    public HoconOrigin Origin { get; init; }

    /// <summary>How large the value and all below it would be if written out; the resolver refuses values that substitutions blew up.</summary>
    internal abstract long Weight { get; }

    public sealed record Null(HoconOrigin Origin) : HoconValue(Origin)
    {
        internal override long Weight => 1;
    }

    public sealed record Boolean(bool Value, HoconOrigin Origin) : HoconValue(Origin)
    {
        internal override long Weight => 1;
    }

    /// <summary>A number by JSON's grammar, kept as it was written.</summary>
    public sealed record Number(string Text, HoconOrigin Origin) : HoconValue(Origin)
    {
        internal override long Weight => 1 + Text.Length / 16;
    }

    public sealed record String(string Text, HoconOrigin Origin) : HoconValue(Origin)
    {
        internal override long Weight => 1 + Text.Length / 16;
    }

    public sealed record Array(ImmutableArray<HoconValue> Items, HoconOrigin Origin) : HoconValue(Origin)
    {
        internal override long Weight { get; } = Sum(Items.Select(i => i.Weight));
    }

    /// <summary>Fields in the order in which their keys first appeared.</summary>
    public sealed record Object(ImmutableArray<KeyValuePair<string, HoconValue>> Fields, HoconOrigin Origin) : HoconValue(Origin)
    {
        readonly Dictionary<string, HoconValue> _byKey = new(Fields, StringComparer.Ordinal);

        internal override long Weight { get; } = Sum(Fields.Select(f => f.Value.Weight));

        public HoconValue? this[string key] => _byKey.GetValueOrDefault(key);

        /// <summary>The value at a path of plain keys, or null where any element is absent or not an object.</summary>
        public HoconValue? At(params ReadOnlySpan<string> path)
        {
            HoconValue? value = this;
            foreach (var key in path)
                value = (value as Object)?[key];
            return value;
        }
    }

    /// <summary>A value whose mistake is already reported; readers skip it silently.</summary>
    public sealed record Broken(HoconOrigin Origin) : HoconValue(Origin)
    {
        internal override long Weight => 1;
    }

    static long Sum(IEnumerable<long> weights) => weights.Aggregate(1L, (sum, weight) => Math.Min(sum + weight, long.MaxValue / 2));
}
