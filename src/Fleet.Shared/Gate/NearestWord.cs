namespace Fleet.Shared.Gate;

/// <summary>What a person who mistyped a key most likely meant: the fewest letters added, dropped, changed or swapped.</summary>
public static class NearestWord
{
    /// <summary>Null where nothing is near: more than two changes, or more than a third of the word.</summary>
    public static string? Find(string word, IEnumerable<string> known) => known
        .Select(k => (Word: k, Distance: Distance(word, k)))
        .Where(k => k.Distance <= Math.Max(2, word.Length / 3))
        .OrderBy(k => k.Distance)
        .ThenBy(k => k.Word, StringComparer.Ordinal)
        .Select(k => k.Word)
        .FirstOrDefault();

    /// <summary>Optimal string alignment distance.</summary>
    static int Distance(string a, string b)
    {
        if (a.Length > 100 || Math.Abs(a.Length - b.Length) > 40)
            return int.MaxValue;
        var rows = new int[a.Length + 1][];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i] = new int[b.Length + 1];
            rows[i][0] = i;
        }
        for (var j = 0; j <= b.Length; j++)
            rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, rows[i - 2][j - 2] + 1);
                rows[i][j] = best;
            }
        return rows[a.Length][b.Length];
    }
}
