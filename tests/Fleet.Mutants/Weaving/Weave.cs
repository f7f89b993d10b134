using System.Text;

namespace Fleet.Mutants.Weaving;

/// <summary>Puts all mutants of a file into its text, each behind its switch.</summary>
public static class Weave
{
    /// <param name="text">The file as it is.</param>
    /// <param name="mutants">All of that file.</param>
    /// <param name="switchOf">The expression that is true while that mutant is on.</param>
    /// <exception cref="MutantsException">Some of them do not apply, or are in each other's way: all mistakes at once.</exception>
    public static string Into(string text, IReadOnlyCollection<Mutant> mutants, Func<Mutant, string> switchOf)
    {
        var mistakes = new List<string>();
        var edits = new List<Edit>();
        foreach (var mutant in mutants)
        {
            if (Edit.TryMake(mutant, text, out var edit, out var mistake))
                edits.Add(edit);
            else
                mistakes.Add(mistake);
        }

        mistakes.AddRange(edits.SelectMany((edit, i) => edits.Skip(i + 1).Select(edit.ClashWith).OfType<string>()));
        if (mistakes.Count > 0)
            throw new MutantsException(string.Join('\n', mistakes));
        var woven = new StringBuilder();
        var at = 0;
        foreach (var (place, what) in Insertions(edits, switchOf))
        {
            woven.Append(text, at, place - at).Append(what);
            at = place;
        }

        return woven.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>In the order in which they come in the text: what holds others begins before them and ends after them.</summary>
    private static IEnumerable<(int Place, string What)> Insertions(IReadOnlyCollection<Edit> edits, Func<Mutant, string> switchOf)
    {
        // What is put into a piece stands before whatever begins there.
        var opening = edits.Select((edit, i) =>
            (edit.Start, Kind: 1, Near: edit.End == edit.Start ? int.MinValue : -edit.End, Index: i,
                What: Switched(edit, edit.Before, switchOf)));
        var closing = edits
            .Select((edit, i) => (Start: edit.End, Kind: 0, Near: -edit.Start, Index: -i, What: Switched(edit, edit.After, switchOf)))
            .Where(closed => closed.What.Length > 0);
        return opening.Concat(closing).Order().Select(insertion => (insertion.Start, insertion.What));
    }

    private static string Switched(Edit edit, string text, Func<Mutant, string> switchOf) =>
        System.Text.RegularExpressions.Regex.Replace(text, @"\bMUTANT\b", switchOf(edit.Mutant));
}
