using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Shared.Hocon;

/// <summary>What single words mean, and how neighbours become one value while parsing.</summary>
internal static partial class HoconPieces
{
    /// <summary>A word that stands alone: true, false, null, a number of JSON, or text.</summary>
    public static HoconValue Classify(string word, HoconOrigin origin) => word switch
    {
        "true" => new HoconValue.Boolean(true, origin),
        "false" => new HoconValue.Boolean(false, origin),
        "null" => new HoconValue.Null(origin),
        _ when JsonNumber().IsMatch(word) => new HoconValue.Number(word, origin),
        _ => new HoconValue.String(word, origin),
    };

    /// <summary>One piece keeps its type; several simple ones are one string; the rest waits for the resolver.</summary>
    public static HoconNode Join(List<HoconNode> pieces, HoconPath field, HoconOrigin origin)
    {
        while (pieces[^1] is HoconNode.Blank && pieces.Count > 1)
            pieces.RemoveAt(pieces.Count - 1);
        if (pieces.Count == 1)
            return pieces[0];
        if (!pieces.All(p => p is HoconNode.Scalar or HoconNode.Blank))
            return new HoconNode.Concatenation(pieces, field, origin);
        var text = new StringBuilder();
        foreach (var piece in pieces)
            text.Append(piece is HoconNode.Blank blank ? blank.Text : TextOf(((HoconNode.Scalar)piece).Value));
        return new HoconNode.Scalar(new HoconValue.String(text.ToString(), origin));
    }

    /// <summary>A simple value in a string concatenation: numbers as they were written, null as `null`.</summary>
    public static string TextOf(HoconValue value) => value switch
    {
        HoconValue.String s => s.Text,
        HoconValue.Number n => n.Text,
        HoconValue.Boolean b => b.Value ? "true" : "false",
        _ => "null",
    };

    /// <summary>
    /// `{"0": "a", "2": "b"}` as `["a", "b"]`: the keys that are whole numbers, in their order (HOCON, "Conversion of numerically-indexed objects").
    /// </summary>
    public static IReadOnlyList<string>? IndexKeys(IEnumerable<string> keys)
    {
        var indexed = keys
            .Where(k => k.Length is > 0 and < 10 && k.All(char.IsAsciiDigit))
            .OrderBy(k => int.Parse(k, CultureInfo.InvariantCulture))
            .ToList();
        return indexed.Count > 0 ? indexed : null;
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonNumber();
}
