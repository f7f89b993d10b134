namespace Fleet.Shared.Gate;

/// <summary>A number in a <typeparamref name="T"/> must lie in that range, in every place that its path stands for.</summary>
/// <param name="Path">With <c>[]</c> for every item of a list, such as <c>listeners[].port</c>.</param>
/// <param name="Of">The places with their values; null is not set, which is allowed.</param>
public sealed record NumberRule<T>(string Path, NumberRange Range, Func<T, IEnumerable<(string Path, long? Number)>> Of)
{
    public IEnumerable<Mistake> Mistakes(T whole) =>
        Of(whole).Where(place => place.Number is { } number && !Range.Has(number))
            .Select(place => new Mistake(place.Path, $"{place.Number}", Range.AllowedInJson));
}

/// <summary>A text somewhere in a <typeparamref name="T"/>; see <see cref="NumberRule{T}"/>.</summary>
public sealed record WordRule<T>(string Path, TextRule Rule, Func<T, IEnumerable<(string Path, string? Text)>> Of)
{
    public IEnumerable<Mistake> Mistakes(T whole) =>
        Of(whole).Where(place => place.Text is { } text && !Rule.Has(text))
            .Select(place => new Mistake(place.Path, Mistake.Quote(place.Text), Rule.Allowed));
}

/// <summary>The rules of a whole <typeparamref name="T"/>, as a table.</summary>
/// <param name="Hints">What is allowed at further places, for messages about values of the wrong kind there.</param>
public sealed record RuleTable<T>(IReadOnlyList<NumberRule<T>> Numbers, IReadOnlyList<WordRule<T>> Words, IReadOnlyDictionary<string, string> Hints)
{
    public IEnumerable<Mistake> Mistakes(T whole) =>
        Numbers.SelectMany(rule => rule.Mistakes(whole)).Concat(Words.SelectMany(rule => rule.Mistakes(whole)));

    /// <summary>What is allowed at a path with <c>[]</c> for list items; null where no rule says anything.</summary>
    public string? AllowedAt(string path) =>
        Numbers.FirstOrDefault(rule => rule.Path == path)?.Range.AllowedInJson
            ?? Words.FirstOrDefault(rule => rule.Path == path)?.Rule.Allowed
            ?? Hints.GetValueOrDefault(path);
}

/// <summary>The places of a value, for rules.</summary>
internal static class Places
{
    public static NumberRule<T> Number<T>(string path, NumberRange range, Func<T, long?> of) => new(path, range, whole => [(path, of(whole))]);

    public static WordRule<T> Word<T>(string path, TextRule rule, Func<T, string?> of) => new(path, rule, whole => [(path, of(whole))]);

    /// <param name="path">With one <c>[]</c>, where the item's number goes.</param>
    public static NumberRule<T> Numbers<T, TItem>(string path, NumberRange range, Func<T, IEnumerable<TItem>> items, Func<TItem, long?> of) =>
        new(path, range, whole => items(whole).Select((item, i) => (At(path, i), of(item))));

    public static WordRule<T> Words<T, TItem>(string path, TextRule rule, Func<T, IEnumerable<TItem>> items, Func<TItem, string?> of) =>
        new(path, rule, whole => items(whole).Select((item, i) => (At(path, i), of(item))));

    public static string At(string path, int index) => path.Replace("[]", $"[{index}]", StringComparison.Ordinal);

    /// <summary>The items that are there more than once.</summary>
    public static IEnumerable<T> Twice<T>(IEnumerable<T> items)
        where T : notnull
    {
        var seen = new HashSet<T>();
        return [.. items.Where(item => !seen.Add(item)).Distinct()];
    }
}
