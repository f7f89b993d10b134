using System.Collections.Immutable;
using System.Text;

namespace Fleet.Shared.Hocon;

/// <summary>Path expressions (HOCON): a concatenation of words, quoted parts and the blanks between; dots outside quotes separate elements.</summary>
internal static class HoconPathParser
{
    /// <summary>Takes all path tokens. Returns a mistake where they make no path.</summary>
    public static (HoconPath? Path, HoconMistake? Mistake) Take(HoconTokens tokens)
    {
        var parts = new List<HoconToken>();
        while (tokens.Current.Kind is HoconTokenKind.Word or HoconTokenKind.Quoted or HoconTokenKind.Blank)
            parts.Add(tokens.Take());
        while (parts.Count > 0 && parts[^1].Kind == HoconTokenKind.Blank)
            parts.RemoveAt(parts.Count - 1);
        if (parts.Count == 0)
            return (null, tokens.Current.Mistake ?? new HoconMistake(tokens.Current.Shown, "a key or a path"));
        return Split(parts.SkipWhile(p => p.Kind == HoconTokenKind.Blank));
    }

    static (HoconPath?, HoconMistake?) Split(IEnumerable<HoconToken> parts)
    {
        var elements = ImmutableArray.CreateBuilder<string>();
        var element = new StringBuilder();
        // An element may be empty only if it is written as "".
        var written = false;
        var shown = new StringBuilder();
        foreach (var part in parts)
        {
            shown.Append(part.Kind == HoconTokenKind.Quoted ? HoconJson.Quote(part.Text) : part.Text);
            if (part.Kind != HoconTokenKind.Word)
            {
                element.Append(part.Text);
                written |= part.Kind == HoconTokenKind.Quoted;
                continue;
            }
            var pieces = part.Text.Split('.');
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i > 0 && !End())
                    return Bad();
                element.Append(pieces[i]);
                written |= pieces[i].Length > 0;
            }
        }
        return End() ? (new HoconPath(elements.ToImmutable()), null) : Bad();

        bool End()
        {
            if (!written)
                return false;
            elements.Add(element.ToString());
            element.Clear();
            written = false;
            return true;
        }

        (HoconPath?, HoconMistake?) Bad() => (null, new HoconMistake($"the path {shown}", "elements between the dots; an empty one is written \"\""));
    }
}
