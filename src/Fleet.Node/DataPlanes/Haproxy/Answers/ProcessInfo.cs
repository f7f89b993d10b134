using System.Globalization;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>The answer to <c>show info</c>: a line for each fact about the process that answers (management.txt, section 9.3).</summary>
internal static class ProcessInfo
{
    /// <summary>Null where it does not say.</summary>
    public static int? Pid(string answer)
    {
        foreach (var line in answer.AsSpan().EnumerateLines())
            if (line.StartsWith("Pid: ") && int.TryParse(line["Pid: ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                return pid;
        return null;
    }
}
