using Fleet.Shared.Hocon;

namespace Fleet.Shared.Gate;

/// <summary>One thing that breaks a rule: where, what is there, and what may be.</summary>
/// <param name="Path">In kebab-case, such as <c>pool.feedback.port</c> or <c>listeners[1]</c>; empty is the whole.</param>
public sealed record Mistake(string Path, string Found, string Allowed)
{
    private const int ShownMax = 80;

    /// <summary><c>pool.feedback.port: found 70000, allowed: a whole number from 1 to 65535</c></summary>
    public override string ToString() => $"{(Path.Length > 0 ? $"{Path}: " : "")}found {Found}, allowed: {Allowed}";

    /// <summary>A text as it is shown: in quotes, control characters escaped, not too long.</summary>
    public static string Quote(string? text) => text switch
    {
        null => "nothing",
        { Length: > ShownMax } => HoconJson.Quote(text[..ShownMax]) + "...",
        _ => HoconJson.Quote(text),
    };

    /// <summary>All in one sentence, for logs and for those who show only one text.</summary>
    public static string Join(IEnumerable<Mistake> mistakes) => string.Join("; ", mistakes);

    /// <summary>The first few, for lists that must stay short.</summary>
    public static string Brief(IReadOnlyCollection<Mistake> mistakes, int most = 3) =>
        mistakes.Count <= most ? Join(mistakes) : $"{Join(mistakes.Take(most))}; and {mistakes.Count - most} more";

    /// <summary>The same mistake seen from outside: below that path.</summary>
    public Mistake Below(string path) => this with { Path = Path.Length == 0 ? path : Path[0] == '[' ? path + Path : $"{path}.{Path}" };
}
