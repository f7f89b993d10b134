namespace Fleet.Shared.Hocon;

internal enum HoconTokenKind
{
    End,
    Newline,
    /// <summary>Blanks inside a line; the text is kept, because concatenation keeps it.</summary>
    Blank,
    /// <summary>An unquoted run, numbers and true/false/null included: what it is shows only once its neighbours are known.</summary>
    Word,
    Quoted,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Equals,
    Colon,
    PlusEquals,
    /// <summary>`${`</summary>
    OpenSubstitution,
    /// <summary>`${?`</summary>
    OpenOptionalSubstitution,
    /// <summary>Text that is no token; it carries its mistake, for the parser to report with the path.</summary>
    Broken,
}

internal sealed record HoconMistake(string Found, string Allowed);

internal readonly record struct HoconToken(HoconTokenKind Kind, string Text, int Line, HoconMistake? Mistake = null)
{
    /// <summary>As it is named in a message.</summary>
    public string Shown => Kind switch
    {
        HoconTokenKind.End => "the end of the file",
        HoconTokenKind.Newline => "the end of the line",
        HoconTokenKind.Quoted => HoconJson.Quote(Text),
        HoconTokenKind.Blank => "a blank",
        _ => $"'{Text}'",
    };
}
