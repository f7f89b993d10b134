using System.Globalization;

namespace Fleet.Lab.Processes;

/// <summary>A process for good: its number may be another's later, but not with the same start.</summary>
/// <param name="Start">In clock ticks since boot, field 22 of proc_pid_stat(5).</param>
internal readonly record struct ProcessId(int Pid, long Start);

/// <summary>What proc_pid_stat(5) says of a process.</summary>
/// <param name="Name">Its first 15 characters.</param>
/// <param name="State">R, S, D, T (stopped), Z (dead, and not asked about by its parent) ...</param>
internal sealed record ProcStat(ProcessId Id, string Name, char State, int Parent)
{
    private const int StateField = 0;
    private const int ParentField = 1;
    private const int StartField = 19;

    /// <summary>Dead ones are in the list of processes until their parent has asked about them.</summary>
    public bool IsAlive => State is not ('Z' or 'X');

    /// <summary>Null when there is no such process any more.</summary>
    public static ProcStat? Of(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Its name, in parentheses, may hold anything, other parentheses included.</summary>
    public static ProcStat? Parse(string text)
    {
        var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
        if (open < 0 || close < open)
            return null;
        var fields = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField
            && int.TryParse(text.AsSpan(0, open), CultureInfo.InvariantCulture, out var pid)
            && int.TryParse(fields[ParentField], CultureInfo.InvariantCulture, out var parent)
            && long.TryParse(fields[StartField], CultureInfo.InvariantCulture, out var start)
                ? new ProcStat(new ProcessId(pid, start), text[(open + 1)..close], fields[StateField][0], parent)
                : null;
    }
}
