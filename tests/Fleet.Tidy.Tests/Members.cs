using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>One member of a type, as a stretch of code.</summary>
/// <param name="IsFunction">It has a parameter list before any body or initialiser.</param>
public readonly record struct Member(int Start, int End, bool IsFunction);

/// <summary>
/// Finds the members of every type by counting brackets in code without comments and strings; top-level statements are found one by one.
/// </summary>
public sealed partial class Members
{
    private readonly string _code;
    private readonly List<Member> _found = [];
    private int _at;

    private Members(string code)
    {
        _code = code;
    }

    public static IReadOnlyList<Member> Find(string code)
    {
        var members = new Members(code);
        while (members._at < code.Length)
        {
            members.Body();
            members._at++;
        }

        return members._found;
    }

    /// <summary>Members up to the bracket that closes this type.</summary>
    private void Body()
    {
        while (true)
        {
            while (_at < _code.Length && char.IsWhiteSpace(_code[_at]))
                _at++;
            if (_at >= _code.Length || _code[_at] == '}')
                return;
            One();
        }
    }

    private void One()
    {
        var start = _at;
        var (isFunction, hasInitialiser) = (false, false);
        for (; _at < _code.Length && _code[_at] != '}'; _at++)
        {
            var isBlock = _code[_at] == '{';
            if (isBlock && !hasInitialiser && TypeHead().IsMatch(_code[start.._at]))
            {
                _at++;
                Body();
                _at++;
                return;
            }

            hasInitialiser |= _code[_at] == '=';
            isFunction |= _code[_at] == '(' && !hasInitialiser;
            if (_code[_at] is '(' or '[' or '{')
                SkipBrackets();
            if (_at < _code.Length && (_code[_at] == ';' || (isBlock && !hasInitialiser && !InitialiserFollows())))
            {
                _at++;
                _found.Add(new Member(start, _at, isFunction));
                return;
            }
        }

        _found.Add(new Member(start, _at, isFunction));
    }

    /// <summary>From an opening bracket to its closing one.</summary>
    private void SkipBrackets()
    {
        var depth = 0;
        for (; _at < _code.Length; _at++)
        {
            depth += _code[_at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0)
                return;
        }
    }

    private bool InitialiserFollows() => _code.AsSpan(_at + 1).TrimStart().StartsWith("=");

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|namespace)\s+\w")]
    private static partial Regex TypeHead();
}
