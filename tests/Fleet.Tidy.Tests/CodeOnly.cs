namespace Fleet.Tidy.Tests;

/// <summary>Blanks comments, strings and characters out of C#, keeping every line where it was, so that rules see code and nothing else.</summary>
public sealed class CodeOnly
{
    private readonly string _text;
    private readonly char[] _code;
    private int _at;

    private CodeOnly(string text)
    {
        _text = text;
        _code = text.ToCharArray();
    }

    public static string Strip(string text)
    {
        var lexer = new CodeOnly(text);
        lexer.Run(untilBrace: false);
        return new string(lexer._code);
    }

    private void Run(bool untilBrace)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            if (untilBrace && depth == 0 && _text[_at] == '}')
                return;
            depth += _text[_at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (Starts("//"))
                Blank(End("\n", _at));
            else if (Starts("/*"))
                Blank(End("*/", _at + 2) + 2);
            else if (_text[_at] == '\'')
                Blank(EndOfCharacter());
            else if (IsString(out var quote))
                BlankString(quote);
            else
                _at++;
        }
    }

    private bool Starts(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private int End(string what, int from) => _text.IndexOf(what, from, StringComparison.Ordinal) is var end and >= 0 ? end : _text.Length;

    private int EndOfCharacter()
    {
        var end = _at + 1;
        while (end < _text.Length && _text[end] != '\'')
            end += _text[end] == '\\' ? 2 : 1;
        return end + 1;
    }

    private bool IsString(out int quote)
    {
        quote = _at;
        while (quote < _text.Length && _text[quote] is '$' or '@')
            quote++;
        return quote < _text.Length && _text[quote] == '"';
    }

    private void BlankString(int quote)
    {
        var marks = _text[_at..quote];
        var quotes = _text.AsSpan(quote).IndexOfAnyExcept('"') is var run and >= 0 ? run : _text.Length - quote;
        if (quotes >= 3 && !marks.Contains('@'))
            Blank(End(new string('"', quotes), quote + quotes) + quotes);
        else
            BlankShortString(quote, verbatim: marks.Contains('@'), interpolated: marks.Contains('$'));
    }

    private void BlankShortString(int quote, bool verbatim, bool interpolated)
    {
        Blank(quote + 1);
        while (_at < _text.Length)
        {
            var isEscapedQuote = verbatim && Starts("\"\"");
            if (_text[_at] == '"' && !isEscapedQuote)
                break;
            if (interpolated && _text[_at] == '{' && !Starts("{{"))
            {
                var start = _at++;
                Run(untilBrace: true);
                var end = _at + 1;
                _at = start;
                Blank(end);
            }
            else if (isEscapedQuote || (!verbatim && _text[_at] == '\\') || Starts("{{"))
            {
                Blank(_at + 2);
            }
            else
            {
                Blank(_at + 1);
            }
        }

        Blank(_at + 1);
    }

    private void Blank(int end)
    {
        for (end = Math.Min(end, _text.Length); _at < end; _at++)
            _code[_at] = _text[_at] == '\n' ? '\n' : ' ';
    }
}
