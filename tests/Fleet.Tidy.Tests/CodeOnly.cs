namespace Fleet.Tidy.Tests;

/// <summary>Blanks comments, strings and characters out of C#, keeping every line where it was, so that rules see code and nothing else.</summary>
public sealed class CodeOnly
{
    private readonly string text;
    private readonly char[] code;
    private int at;

    private CodeOnly(string text)
    {
        this.text = text;
        code = text.ToCharArray();
    }

    public static string Of(string text)
    {
        var lexer = new CodeOnly(text);
        lexer.Run(untilBrace: false);
        return new string(lexer.code);
    }

    private void Run(bool untilBrace)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (untilBrace && depth == 0 && text[at] == '}')
                return;
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (Starts("//"))
                Blank(End("\n", at));
            else if (Starts("/*"))
                Blank(End("*/", at + 2) + 2);
            else if (text[at] == '\'')
                Blank(EndOfCharacter());
            else if (IsString(out var quote))
                BlankString(quote);
            else
                at++;
        }
    }

    private bool Starts(string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private int End(string what, int from) => text.IndexOf(what, from, StringComparison.Ordinal) is var end and >= 0 ? end : text.Length;

    private int EndOfCharacter()
    {
        var end = at + 1;
        while (end < text.Length && text[end] != '\'')
            end += text[end] == '\\' ? 2 : 1;
        return end + 1;
    }

    private bool IsString(out int quote)
    {
        quote = at;
        while (quote < text.Length && text[quote] is '$' or '@')
            quote++;
        return quote < text.Length && text[quote] == '"';
    }

    private void BlankString(int quote)
    {
        var marks = text[at..quote];
        var quotes = text.AsSpan(quote).IndexOfAnyExcept('"') is var run and >= 0 ? run : text.Length - quote;
        if (quotes >= 3 && !marks.Contains('@'))
            Blank(End(new string('"', quotes), quote + quotes) + quotes);
        else
            BlankShortString(quote, verbatim: marks.Contains('@'), interpolated: marks.Contains('$'));
    }

    private void BlankShortString(int quote, bool verbatim, bool interpolated)
    {
        Blank(quote + 1);
        while (at < text.Length)
        {
            var isEscapedQuote = verbatim && Starts("\"\"");
            if (text[at] == '"' && !isEscapedQuote)
                break;
            if (interpolated && text[at] == '{' && !Starts("{{"))
            {
                var start = at++;
                Run(untilBrace: true);
                var end = at + 1;
                at = start;
                Blank(end);
            }
            else if (isEscapedQuote || (!verbatim && text[at] == '\\') || Starts("{{"))
            {
                Blank(at + 2);
            }
            else
            {
                Blank(at + 1);
            }
        }

        Blank(at + 1);
    }

    private void Blank(int end)
    {
        for (end = Math.Min(end, text.Length); at < end; at++)
            code[at] = text[at] == '\n' ? '\n' : ' ';
    }
}
