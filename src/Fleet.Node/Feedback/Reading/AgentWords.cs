using System.Globalization;
using System.Text;

namespace Fleet.Node.Feedback.Reading;

/// <summary>
/// One answer of a feedback agent, in the words of HAProxy's agent-check (HAProxy 2.6 configuration manual, "agent-check"): one line, words between
/// blanks, tabs and commas, in any order and case. What is not said does not change.
/// </summary>
/// <param name="Percent">What part of its weight it can take; more than 100 counts as 100.</param>
/// <param name="IsUp">
/// <c>up</c>, or <c>down</c>, <c>fail</c>, <c>failed</c> or <c>stopped</c>, which may have a description behind a <c>#</c>.
/// </param>
/// <param name="IsReady"><c>ready</c>, or <c>drain</c> or <c>maint</c>.</param>
/// <param name="ConnectionsMax"><c>maxconn:N</c>: noted; no data plane of the fleet bounds a backend's connections yet.</param>
/// <param name="Unknown">Words that mean nothing; they change nothing.</param>
internal readonly record struct AgentWords(int? Percent, bool? IsUp, bool? IsReady, int? ConnectionsMax, int Unknown)
{
    /// <summary>Octets that are looked at; the rest of a longer line counts as one unknown word.</summary>
    public const int OctetsMax = 256;

    private const int WholePercent = 100;

    /// <summary>There is nothing in it to go by.</summary>
    public bool IsEmpty => Percent is null && IsUp is null && IsReady is null && ConnectionsMax is null;

    /// <summary>Reads an answer up to its first line end. Never fails: junk is counted.</summary>
    public static AgentWords Read(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? answer : answer[..end];
        var words = default(AgentWords);
        if (line.Length > OctetsMax)
            words = words with { Unknown = 1 };
        var text = Encoding.Latin1.GetString(line[..Math.Min(line.Length, OctetsMax)]);
        var comment = text.IndexOf('#', StringComparison.Ordinal);
        foreach (var word in (comment < 0 ? text : text[..comment]).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
            words = words.With(word.ToLowerInvariant());
        return words;
    }

    private AgentWords With(string word) => word switch
    {
        "up" => this with { IsUp = true },
        "down" or "fail" or "failed" or "stopped" => this with { IsUp = false },
        "ready" => this with { IsReady = true },
        "drain" or "maint" => this with { IsReady = false },
        _ when word.EndsWith('%') && TryNumber(word.AsSpan(0, word.Length - 1), out var percent) =>
            this with { Percent = Math.Min(percent, WholePercent) },
        _ when word.StartsWith("maxconn:", StringComparison.Ordinal) && TryNumber(word.AsSpan("maxconn:".Length), out var connections) =>
            this with { ConnectionsMax = connections },
        _ => this with { Unknown = Unknown + 1 },
    };

    /// <summary>Digits only; a number that does not fit counts as the largest.</summary>
    private static bool TryNumber(ReadOnlySpan<char> text, out int number)
    {
        number = int.MaxValue;
        return text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0
            && (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) || (number = int.MaxValue) > 0);
    }
}
