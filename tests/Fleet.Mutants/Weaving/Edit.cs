using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Fleet.Mutants.Weaving;

/// <summary>
/// A mutant as what is put into its file: text before a piece of it, and text after that piece. Nothing that stands there is taken away.
/// </summary>
/// <param name="Start">Where the piece begins.</param>
/// <param name="End">Where it ends.</param>
public sealed record Edit(Mutant Mutant, int Start, int End, string Before, string After)
{
    /// <summary>What it makes can stand wherever the piece could: in parentheses, or a statement.</summary>
    private bool IsClosed =>
        (Before.TrimStart().StartsWith('(') && After.TrimEnd().EndsWith(')'))
            || Before.TrimStart().StartsWith("if (", StringComparison.Ordinal)
            || After.TrimEnd().EndsWith('}');

    /// <summary>False where the piece does not stand there exactly once, or what takes its place does not hold it; the mistake says so.</summary>
    public static bool TryMake(Mutant mutant, string text, [NotNullWhen(true)] out Edit? edit, [NotNullWhen(false)] out string? mistake)
    {
        (edit, mistake) = (null, null);
        var found = Pattern(mutant.Find).Matches(text);
        if (found.Count != 1)
            mistake = $"{mutant.Origin}: {mutant.Id}: its text stands {found.Count} times in {mutant.File}, and must stand there once: {mutant.Find}";
        else if ((edit = Around(mutant, found[0]) ?? Within(mutant, found[0])) is null)
            mistake = $"{mutant.Origin}: {mutant.Id}: what takes the place of '{mutant.Find}' is not that with something around it or put into it: "
                + $"{mutant.With}";
        return edit is not null;
    }

    /// <summary>The piece is kept whole: where it stands more than once, the last is the one that is left when the mutant is off.</summary>
    private static Edit? Around(Mutant mutant, Match found) => Pattern(mutant.Find).Matches(mutant.With) is [.., var kept]
        ? new Edit(mutant, found.Index, found.Index + found.Length, mutant.With[..kept.Index], mutant.With[(kept.Index + kept.Length)..])
        : null;

    private static Edit? Within(Mutant mutant, Match found)
    {
        for (var at = 1; at < found.Length; at++)
        {
            if (char.IsWhiteSpace(found.Value[at]))
                continue;
            var split = Regex.Match(
                mutant.With, $@"^\s*{Escaped(Joined(found.Value[..at]))}(?<in>.*){Escaped(Joined(found.Value[at..]))}\s*$", RegexOptions.Singleline);
            if (split.Success && split.Groups["in"].Value.Contains("MUTANT", StringComparison.Ordinal))
                return new Edit(mutant, found.Index + at, found.Index + at, split.Groups["in"].Value, "");
        }

        return null;
    }

    /// <summary>Null where both can be in one text.</summary>
    public string? ClashWith(Edit other)
    {
        var (outer, inner) = other.Start < Start || other.End > End ? (other, this) : (this, other);
        if (inner.Start >= outer.End || inner.End <= outer.Start)
            return null;
        if (inner.Start < outer.Start || inner.End > outer.End)
            return $"{inner.Mutant.Origin} {inner.Mutant.Id} and {outer.Mutant.Origin} {outer.Mutant.Id} overlap: let one hold the other, or take "
                + $"less.";
        return inner.IsClosed || inner.Start == inner.End
            ? null
            : $"{inner.Mutant.Origin} {inner.Mutant.Id} stands within {outer.Mutant.Origin} {outer.Mutant.Id}: put what it makes in parentheses.";
    }

    /// <summary>Whole words only: what begins in the midst of a name breaks the name.</summary>
    private static Regex Pattern(string text) => new($@"(?<!\w(?=\w)){Escaped(text.Trim())}(?!(?<=\w)\w)");

    /// <summary>Without the line breaks that a long line has.</summary>
    private static string Joined(string code) => Regex.Replace(code, @"(?<=[(\[])\s+|\s+(?=[.)\]])|\s+$", "");

    /// <summary>However the code is broken into lines: any space will do, and a line may begin after what opens, or before a dot.</summary>
    private static string Escaped(string text)
    {
        var spaced = Regex.Replace(Regex.Escape(Regex.Replace(text, @"\s+", "\0")), "\0", @"\s+");
        return Regex.Replace(Regex.Replace(spaced, @"\\\(|\\\[", @"$0\s*"), @"\\\.(?=[A-Z])|\\\)|\]", @"\s*$0");
    }
}
