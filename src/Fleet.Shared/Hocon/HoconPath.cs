using System.Collections.Immutable;

namespace Fleet.Shared.Hocon;

/// <summary>A path expression, split: `a."b.c".d` has three elements (HOCON, "Path expressions").</summary>
internal sealed record HoconPath(ImmutableArray<string> Elements)
{
    public static readonly HoconPath Root = new(ImmutableArray<string>.Empty);

    public HoconPath Then(string element) => new(Elements.Add(element));

    public HoconPath Then(HoconPath other) => new(Elements.AddRange(other.Elements));

    /// <summary>As a person would write it: elements that are not plain words are quoted.</summary>
    public override string ToString() => string.Join('.', Elements.Select(Quoted));

    static string Quoted(string element) =>
        element.Length > 0 && element.All(c => char.IsLetterOrDigit(c) || c is '-' or '_') ? element : HoconJson.Quote(element);
}
