namespace Fleet.Shared.Hocon;

/// <summary>The parser's place in the tokens of one file, with the rules of skipping.</summary>
internal sealed class HoconTokens(IReadOnlyList<HoconToken> tokens)
{
    int _at;

    public HoconToken Current => tokens[_at];

    public HoconToken Take()
    {
        var token = tokens[_at];
        if (token.Kind != HoconTokenKind.End)
            _at++;
        return token;
    }

    public bool TryTake(HoconTokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Take();
        return true;
    }

    public void SkipBlanks()
    {
        while (Current.Kind == HoconTokenKind.Blank)
            Take();
    }

    /// <summary>True where a line ended on the way.</summary>
    public bool SkipBlanksAndLines()
    {
        var lines = false;
        while (Current.Kind is HoconTokenKind.Blank or HoconTokenKind.Newline)
            lines |= Take().Kind == HoconTokenKind.Newline;
        return lines;
    }

    /// <summary>After a mistake: to the end of the field it is in, over whole `{}` and `[]` blocks, so that later fields are still read.</summary>
    public void SkipField()
    {
        for (var depth = 0; Current.Kind != HoconTokenKind.End; Take())
        {
            var kind = Current.Kind;
            if (depth == 0 && kind is HoconTokenKind.Newline or HoconTokenKind.Comma or HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket)
                return;
            if (kind is HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket or HoconTokenKind.OpenSubstitution
                or HoconTokenKind.OpenOptionalSubstitution)
                depth++;
            else if (kind is HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket)
                depth--;
        }
    }

    public void SkipAll() => _at = tokens.Count - 1;
}
