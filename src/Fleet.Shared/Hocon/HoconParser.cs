namespace Fleet.Shared.Hocon;

/// <summary>
/// Tokens of one file to its tree. A mistake costs its field, not its file: the parser goes on behind it, so that all mistakes show at once.
/// </summary>
internal sealed class HoconParser
{
    /// <summary>Deeper nesting is refused: people do not write it, and recursion must end.</summary>
    public const int DepthMax = 150;

    readonly string _file;
    readonly HoconTokens _tokens;
    readonly HoconIncluder _includer;
    readonly HoconPath _scope;
    readonly bool _unaddressable;
    readonly IList<ConfigError> _errors;
    HoconPath _path;
    bool _inArray;
    bool _lineEnded;
    int _depth;

    /// <param name="scope">The path at which this file is included; empty for a file that stands alone.</param>
    /// <param name="unaddressable">The file is included inside an array, where no path leads, so that it may hold no substitution.</param>
    public HoconParser(string file, string text, HoconIncluder includer, HoconPath scope, bool unaddressable, IList<ConfigError> errors)
    {
        (_file, _includer, _errors) = (file, includer, errors);
        (_scope, _path) = (scope, scope);
        (_unaddressable, _inArray) = (unaddressable, unaddressable);
        _depth = scope.Elements.Length;
        _tokens = new HoconTokens(HoconLexer.Tokens(text));
    }

    /// <summary>An object, or an array where the text begins with `[`.</summary>
    public HoconNode Parse()
    {
        _tokens.SkipBlanksAndLines();
        var origin = Here;
        if (_tokens.Current.Kind is not (HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket))
            return Fields(HoconTokenKind.End, origin);

        HoconNode root = _tokens.Take().Kind == HoconTokenKind.OpenBrace ? Fields(HoconTokenKind.CloseBrace, origin) : Items(origin);
        _tokens.SkipBlanksAndLines();
        if (_tokens.Current.Kind != HoconTokenKind.End)
            Report("nothing after the closing bracket of the file");
        return root;
    }

    HoconOrigin Here => new(_file, _tokens.Current.Line);

    HoconNode.Object Fields(HoconTokenKind close, HoconOrigin origin)
    {
        var fields = new HoconNode.Object(origin);
        for (var first = true; Separator(close, first, origin); first = false)
            Field(fields);
        return fields;
    }

    HoconNode.Array Items(HoconOrigin origin)
    {
        var items = new List<HoconNode>();
        var outer = _inArray;
        _inArray = true;
        for (var first = true; Separator(HoconTokenKind.CloseBracket, first, origin); first = false)
            items.Add(Value());
        _inArray = outer;
        return new HoconNode.Array(items, origin);
    }

    /// <summary>Between entries: a newline or one comma (HOCON, "Commas"). False once the closing token is taken, or the file has ended.</summary>
    bool Separator(HoconTokenKind close, bool first, HoconOrigin opened)
    {
        var separated = first || _lineEnded;
        _lineEnded = false;
        var comma = first;
        for (; ; )
        {
            separated |= _tokens.SkipBlanksAndLines();
            var kind = _tokens.Current.Kind;
            if (kind == close)
            {
                _tokens.Take();
                return false;
            }
            if (kind == HoconTokenKind.End)
            {
                Report(close == HoconTokenKind.CloseBrace ? $"}} for the {{ of line {opened.Line}" : $"] for the [ of line {opened.Line}");
                return false;
            }
            if (kind is HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket)
                Report(close switch { HoconTokenKind.End => "only brackets that were opened", HoconTokenKind.CloseBrace => "}", _ => "]" });
            else if (kind != HoconTokenKind.Comma)
                break;
            else if (comma)
                Report("one comma between two entries, none before the first");
            comma |= kind == HoconTokenKind.Comma;
            separated = true;
            _tokens.Take();
        }
        if (!separated)
            Report("a comma or a new line between two entries");
        return true;
    }

    void Field(HoconNode.Object target)
    {
        if (_tokens.Current is { Kind: HoconTokenKind.Word, Text: "include" })
        {
            Include(target);
            return;
        }
        var origin = Here;
        var (key, mistake) = HoconPathParser.Take(_tokens);
        if (key is null)
        {
            Report(origin, mistake!);
            _tokens.SkipField();
            return;
        }
        var outer = _path;
        _path = _path.Then(key);
        _depth += key.Elements.Length;
        var lines = _tokens.SkipBlanksAndLines();
        if (_tokens.Current.Kind is HoconTokenKind.OpenBrace or HoconTokenKind.Equals or HoconTokenKind.Colon or HoconTokenKind.PlusEquals)
        {
            var value = Assigned();
            if (!TooDeep())
                target.Add(key, value);
        }
        else
        {
            Report(
                origin,
                _tokens.Current.Mistake ?? new HoconMistake(lines ? "a key without a value" : _tokens.Current.Shown, "=, :, += or { after a key"));
            if (!lines)
                _tokens.SkipField();
            _lineEnded = lines;
        }
        _depth -= key.Elements.Length;
        _path = outer;
    }

    HoconNode Assigned()
    {
        var origin = Here;
        var append = false;
        if (_tokens.Current.Kind != HoconTokenKind.OpenBrace)
        {
            append = _tokens.Take().Kind == HoconTokenKind.PlusEquals;
            _tokens.SkipBlanksAndLines();
        }
        if (!append)
            return Value();

        HoconNode earlier = _inArray
            ? new HoconNode.Earlier(origin)
            : new HoconNode.Substitution(_path, optional: true, HoconPath.Root, _path, origin);
        return new HoconNode.Concatenation([earlier, new HoconNode.Array([Value()], origin)], _path, origin);
    }

    /// <summary>One value or several side by side, up to the end of the line, a comma or a closing bracket (HOCON, "Value concatenation").</summary>
    HoconNode Value()
    {
        if (TooDeep())
            return new HoconNode.Broken(Here);
        var origin = Here;
        var pieces = new List<HoconNode>();
        for (; ; )
        {
            switch (_tokens.Current.Kind)
            {
                case HoconTokenKind.End or HoconTokenKind.Newline or HoconTokenKind.Comma or HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket:
                    if (pieces.Count > 0)
                        return HoconPieces.Join(pieces, _path, origin);
                    Report("a value");
                    return new HoconNode.Broken(origin);
                case HoconTokenKind.Equals or HoconTokenKind.Colon or HoconTokenKind.PlusEquals or HoconTokenKind.Broken:
                    Report(
                        Here,
                        _tokens.Current.Mistake
                            ?? new HoconMistake($"'{_tokens.Current.Text}' inside a value", "text that contains it only between double quotes"));
                    _tokens.SkipField();
                    return new HoconNode.Broken(origin);
                default:
                    if (Piece() is { } piece)
                        pieces.Add(piece);
                    else
                        return new HoconNode.Broken(origin);
                    break;
            }
        }
    }

    HoconNode? Piece()
    {
        var origin = Here;
        var token = _tokens.Take();
        switch (token.Kind)
        {
            case HoconTokenKind.Word:
                return new HoconNode.Scalar(HoconPieces.Classify(token.Text, origin));
            case HoconTokenKind.Quoted:
                return new HoconNode.Scalar(new HoconValue.String(token.Text, origin));
            case HoconTokenKind.Blank:
                return new HoconNode.Blank(token.Text, origin);
            case HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket:
                _depth++;
                HoconNode nested = token.Kind == HoconTokenKind.OpenBrace ? Fields(HoconTokenKind.CloseBrace, origin) : Items(origin);
                _depth--;
                return nested;
            default:
                return Substitution(token, origin);
        }
    }

    HoconNode.Substitution? Substitution(HoconToken opening, HoconOrigin origin)
    {
        var (path, mistake) = HoconPathParser.Take(_tokens);
        if (path is not null && !_tokens.TryTake(HoconTokenKind.CloseBrace))
            mistake = _tokens.Current.Mistake ?? new HoconMistake(_tokens.Current.Shown, "} at the end of a substitution");
        if (mistake is null && _unaddressable)
            mistake = new HoconMistake("a substitution in a file that is included inside an array", "an include outside arrays");
        if (mistake is null)
            return new HoconNode.Substitution(path!, opening.Kind == HoconTokenKind.OpenOptionalSubstitution, _scope, _path, origin);

        Report(origin, mistake);
        _tokens.SkipField();
        if (_tokens.Current.Kind == HoconTokenKind.CloseBrace)
        {
            _tokens.Take();
            _tokens.SkipField();
        }
        return null;
    }

    void Include(HoconNode.Object target)
    {
        var origin = Here;
        _tokens.Take();
        var (include, mistake) = HoconIncludeSyntax.Take(_tokens, origin);
        if (include is null)
        {
            Report(origin, mistake!);
            _tokens.SkipField();
        }
        else if (_includer.Load(include, _file, _path, _inArray) is { } included)
            target.Merge(included);
    }

    bool TooDeep()
    {
        if (_depth <= DepthMax)
            return false;
        if (_tokens.Current.Kind != HoconTokenKind.End)
            _errors.Add(new ConfigError(Here, "", $"nesting deeper than {DepthMax}", $"at most {DepthMax} levels"));
        _tokens.SkipAll();
        return true;
    }

    void Report(string allowed) => Report(Here, _tokens.Current.Mistake ?? new HoconMistake(_tokens.Current.Shown, allowed));

    void Report(HoconOrigin origin, HoconMistake mistake) =>
        _errors.Add(new ConfigError(origin, _path.ToString(), mistake.Found, mistake.Allowed));
}
