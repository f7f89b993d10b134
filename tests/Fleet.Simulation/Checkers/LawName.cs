namespace Fleet.Simulation.Checkers;

/// <summary>
/// A broken law without what differs from world to world: its first line, with <c>#</c> for numbers, times, addresses, names with numbers, and
/// lists of them.
/// </summary>
public static class LawName
{
    public static string Spell(string law)
    {
        var words = new List<string>();
        foreach (var word in law.Split('\n')[0].TrimEnd().TrimEnd('.').Split(' ').Select(Plain))
        {
            if (word.StartsWith('#') && words is [.., "#,"])
                words[^1] = word;
            else
                words.Add(word);
        }

        return string.Join(' ', words);
    }

    private static string Plain(string word)
    {
        if (!word.Any(char.IsAsciiDigit))
            return word;
        var inner = word.TrimStart('(', '[', '"').TrimEnd(',', '.', ':', ';', ')', ']', '"');
        var plain = word.Replace(inner, "#", StringComparison.Ordinal);
        return plain.Replace("[#", "#", StringComparison.Ordinal).Replace("#]", "#", StringComparison.Ordinal);
    }
}
