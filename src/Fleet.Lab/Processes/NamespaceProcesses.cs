using System.Globalization;
using Fleet.Demo.Processes;

namespace Fleet.Lab.Processes;

/// <summary>
/// Who lives in which network namespace, as the kernel has it: <c>/proc/PID/ns/net</c> names the namespace by the inode that its file in
/// <c>/run/netns</c> has (namespaces(7)). Nobody but the lab's processes is in a lab's namespaces.
/// </summary>
internal static class NamespaceProcesses
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GoneMax = TimeSpan.FromSeconds(10);

    /// <summary>All that live in one of them, by the namespace's name.</summary>
    /// <param name="inodes">Inode of each namespace's file by its name.</param>
    public static ILookup<string, ProcStat> In(IReadOnlyDictionary<string, string> inodes)
    {
        var names = inodes.ToLookup(each => $"net:[{each.Value}]", each => each.Key);
        return Pids().Select(pid => (Pid: pid, Net: NetworkOf(pid)))
            .Where(each => each.Net is not null && names.Contains(each.Net))
            .Select(each => (Stat: ProcStat.Of(each.Pid), Name: names[each.Net!].First()))
            .Where(each => each.Stat is { IsAlive: true })
            .ToLookup(each => each.Name, each => each.Stat!);
    }

    /// <summary>Signals it if it is still the same process.</summary>
    public static void Send(ProcessId process, Signal signal)
    {
        if (ProcStat.Of(process.Pid) is { } now && now.Id == process)
            ChildProcess.Send(process.Pid, signal);
    }

    /// <summary>Kills all, those that they start meanwhile included, and waits until none is left.</summary>
    /// <exception cref="TimeoutException">One does not die: it hangs in the kernel.</exception>
    public static async Task KillAllAsync(IReadOnlyDictionary<string, string> inodes, CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (In(inodes) is { Count: > 0 } living)
        {
            if (TimeProvider.System.GetElapsedTime(since) > GoneMax)
                throw new TimeoutException(
                    $"Processes that do not die: {string.Join(", ", living.SelectMany(each => each).Select(each => each.Id.Pid))}.");
            foreach (var process in living.SelectMany(each => each))
                Send(process.Id, Signal.Kill);
            await Task.Delay(LookEvery, cancellation);
        }
    }

    private static IEnumerable<int> Pids() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    private static string? NetworkOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/ns/net").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
