using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>One member of a type, as a stretch of code.</summary>
/// <param name="IsFunction">It has a parameter list before any body or initialiser.</param>
public readonly record struct Member(int Start, int End, bool IsFunction);

/// <summary>Finds the members of every type by counting brackets in code without comments and strings; top-level statements are found one by one.</summary>
public sealed partial class Members
{
    private readonly string code;
    private readonly List<Member> found = [];
    private int at;

    private Members(string code)
    {
        this.code = code;
    }

    public static IReadOnlyList<Member> Of(string code)
    {
        var members = new Members(code);
        while (members.at < code.Length)
        {
            members.Body();
            members.at++;
        }

        return members.found;
    }

    /// <summary>Members up to the bracket that closes this type.</summary>
    private void Body()
    {
        while (true)
        {
            while (at < code.Length && char.IsWhiteSpace(code[at]))
                at++;
            if (at >= code.Length || code[at] == '}')
                return;
            One();
        }
    }

    private void One()
    {
        var start = at;
        var (isFunction, hasInitialiser) = (false, false);
        for (; at < code.Length && code[at] != '}'; at++)
        {
            var isBlock = code[at] == '{';
            if (isBlock && !hasInitialiser && TypeHead().IsMatch(code[start..at]))
            {
                at++;
                Body();
                at++;
                return;
            }

            hasInitialiser |= code[at] == '=';
            isFunction |= code[at] == '(' && !hasInitialiser;
            if (code[at] is '(' or '[' or '{')
                SkipBrackets();
            if (at < code.Length && (code[at] == ';' || (isBlock && !hasInitialiser && !InitialiserFollows())))
            {
                at++;
                found.Add(new Member(start, at, isFunction));
                return;
            }
        }

        found.Add(new Member(start, at, isFunction));
    }

    /// <summary>From an opening bracket to its closing one.</summary>
    private void SkipBrackets()
    {
        var depth = 0;
        for (; at < code.Length; at++)
        {
            depth += code[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0)
                return;
        }
    }

    private bool InitialiserFollows() => code.AsSpan(at + 1).TrimStart().StartsWith("=");

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|namespace)\s+\w")]
    private static partial Regex TypeHead();
}
