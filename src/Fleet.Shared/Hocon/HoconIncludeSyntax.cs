using System.Text;

namespace Fleet.Shared.Hocon;

/// <summary>What an include statement asks for.</summary>
internal sealed record HoconInclude(string Name, bool Required, HoconOrigin Origin);

/// <summary>`include "x"`, `include file("x")`, `include required("x")`, `include required(file("x"))` (HOCON, "Include syntax").</summary>
internal static class HoconIncludeSyntax
{
    const string Allowed = "include \"name\", file(\"name\"), required(\"name\") or required(file(\"name\"))";

    /// <summary>Takes what follows the word `include`; blanks and newlines may stand between and inside the parentheses.</summary>
    public static (HoconInclude? Include, HoconMistake? Mistake) Take(HoconTokens tokens, HoconOrigin origin)
    {
        tokens.SkipBlanksAndLines();
        var shape = new StringBuilder();
        string? name = null;
        var open = 0;
        while (true)
        {
            var token = tokens.Current;
            if (token.Kind == HoconTokenKind.Newline && open > 0 || token.Kind == HoconTokenKind.Blank)
            {
                tokens.Take();
                continue;
            }
            if (token.Kind is not (HoconTokenKind.Word or HoconTokenKind.Quoted))
                break;
            tokens.Take();
            shape.Append(token.Kind == HoconTokenKind.Quoted ? "\"" : token.Text);
            open += token.Kind == HoconTokenKind.Word ? token.Text.Count(c => c == '(') - token.Text.Count(c => c == ')') : 0;
            if (token.Kind == HoconTokenKind.Quoted)
                name = token.Text;
        }
        if (tokens.Current.Mistake is { } broken)
            return (null, broken);
        var text = shape.ToString();
        if (text is not ("\"" or "file(\")" or "required(\")" or "required(file(\"))"))
            return (null, new HoconMistake(text.Length == 0 ? tokens.Current.Shown : $"include {text.Replace("\"", "\"...\"")}", Allowed));
        if (name!.Length == 0 || name.Contains("://"))
            return (null, new HoconMistake($"include {HoconJson.Quote(name)}", "the name of a file"));
        return (new HoconInclude(name, text.StartsWith("required", StringComparison.Ordinal), origin), null);
    }
}
