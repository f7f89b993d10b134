using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fleet.Shared.Hocon;

/// <summary>Text to tokens. Comments vanish here; every character of hostile text ends in some token, if only in a broken one.</summary>
internal sealed class HoconLexer(string text)
{
    const string Forbidden = "$\"{}[]:=,+#`^?!@*&\\";

    static readonly SearchValues<char> Mantissa = SearchValues.Create("0123456789.-");

    readonly List<HoconToken> _tokens = [];
    int _at;
    int _line = 1;

    public static IReadOnlyList<HoconToken> Tokens(string text) => new HoconLexer(text).Run();

    List<HoconToken> Run()
    {
        while (_at < text.Length)
            Next();
        Add(HoconTokenKind.End, "");
        return _tokens;
    }

    void Next()
    {
        var c = text[_at];
        if (c == '\n')
        {
            Take(HoconTokenKind.Newline, 1);
            _line++;
        }
        else if (IsBlank(c))
            Take(HoconTokenKind.Blank, Run(_at, IsBlank));
        else if (c == '#' || StartsWith("//"))
            _at += Run(_at, x => x != '\n');
        else if (StartsWith("\"\"\""))
            TripleQuoted();
        else if (c == '"')
            Quoted();
        else if (StartsWith("${?"))
            Take(HoconTokenKind.OpenOptionalSubstitution, 3);
        else if (StartsWith("${"))
            Take(HoconTokenKind.OpenSubstitution, 2);
        else if (StartsWith("+="))
            Take(HoconTokenKind.PlusEquals, 2);
        else if (Punctuation(c) is { } kind)
            Take(kind, 1);
        else if (Forbidden.Contains(c, StringComparison.Ordinal))
            Break($"'{c}' outside quotes", "this character only between double quotes", _at + 1);
        else
            Take(HoconTokenKind.Word, WordLength());
    }

    static HoconTokenKind? Punctuation(char c) => c switch
    {
        '{' => HoconTokenKind.OpenBrace,
        '}' => HoconTokenKind.CloseBrace,
        '[' => HoconTokenKind.OpenBracket,
        ']' => HoconTokenKind.CloseBracket,
        ',' => HoconTokenKind.Comma,
        '=' => HoconTokenKind.Equals,
        ':' => HoconTokenKind.Colon,
        _ => null,
    };

    /// <summary>HOCON, "Whitespace": Zs, Zl, Zp, the ASCII separators and, as everywhere in practice, the byte order mark. Newline apart.</summary>
    public static bool IsBlank(char c) => c is '\t' or '\v' or '\f' or '\r' or '\uFEFF' or (>= '\u001C' and <= '\u001F')
        || char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    int Run(int from, Func<char, bool> belongs)
    {
        var end = from;
        while (end < text.Length && belongs(text[end]))
            end++;
        return end - from;
    }

    int WordLength()
    {
        var end = _at;
        while (end < text.Length)
        {
            var c = text[end];
            if (c == '\n' || IsBlank(c) || (c == '/' && end + 1 < text.Length && text[end + 1] == '/'))
                break;
            if (Forbidden.Contains(c, StringComparison.Ordinal) && !(c == '+' && IsExponentSign(end)))
                break;
            end++;
        }
        return end - _at;
    }

    /// <summary>`1e+5`: the one place where a plus may stand in an unquoted run.</summary>
    bool IsExponentSign(int at) =>
        at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && text[at - 1] is 'e' or 'E' && at - _at >= 2
        && text.AsSpan(_at, at - 1 - _at).IndexOfAnyExcept(Mantissa) < 0;

    void TripleQuoted()
    {
        var line = _line;
        var start = _at + 3;
        var close = text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (close < 0)
        {
            Break("a \"\"\" that is never closed", "\"\"\" at the end of the text", text.Length);
            return;
        }
        // Any quotes beyond three belong to the text (HOCON, "Multi-line strings").
        var end = close + Run(close, c => c == '"');
        var content = text[start..(end - 3)];
        _tokens.Add(new HoconToken(HoconTokenKind.Quoted, content, line));
        _line += content.AsSpan().Count('\n');
        _at = end;
    }

    void Quoted()
    {
        var content = new StringBuilder();
        var at = _at + 1;
        HoconMistake? mistake = null;
        while (at < text.Length && text[at] is not ('"' or '\n'))
        {
            if (text[at] == '\\')
            {
                // A mistake does not end the string: what follows is still text, not syntax.
                var wrong = Escape(ref at, content);
                mistake ??= wrong;
            }
            else
            {
                if (text[at] < ' ')
                    mistake ??= new HoconMistake(
                        $"the control character U+{(int)text[at]:X4} in a quoted string", "an escape such as \\t, \\n or \\u0007");
                content.Append(text[at++]);
            }
        }
        var closed = at < text.Length && text[at] == '"';
        if (!closed)
            mistake = new HoconMistake("a quote that is not closed on its line", "\" at the end of the text, or \"\"\" around text of many lines");
        _tokens.Add(new HoconToken(mistake is null ? HoconTokenKind.Quoted : HoconTokenKind.Broken, content.ToString(), _line, mistake));
        _at = closed ? at + 1 : at;
    }

    /// <summary>One escape of JSON (RFC 8259, section 7); moves `at` past it.</summary>
    HoconMistake? Escape(ref int at, StringBuilder content)
    {
        var c = at + 1 < text.Length ? text[at + 1] : '\n';
        if (c == 'u'
            && at + 6 <= text.Length
            && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            content.Append((char)code);
            at += 6;
            return null;
        }
        var index = "\"\\/bfnrt".IndexOf(c, StringComparison.Ordinal);
        if (index >= 0)
        {
            content.Append("\"\\/\b\f\n\r\t"[index]);
            at += 2;
            return null;
        }
        at += c == '\n' ? 1 : 2;
        return new HoconMistake(c == '\n' ? "a lone \\" : $"the escape \\{c}", "\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }

    bool StartsWith(string what) => text.AsSpan(_at).StartsWith(what, StringComparison.Ordinal);

    void Take(HoconTokenKind kind, int length)
    {
        Add(kind, text.Substring(_at, length));
        _at += length;
    }

    void Add(HoconTokenKind kind, string content) => _tokens.Add(new HoconToken(kind, content, _line));

    void Break(string found, string allowed, int end)
    {
        var broken = text[_at..end];
        _tokens.Add(new HoconToken(HoconTokenKind.Broken, broken, _line, new HoconMistake(found, allowed)));
        _line += broken.AsSpan().Count('\n');
        _at = end;
    }
}
