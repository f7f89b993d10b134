using System.Diagnostics;
using Fleet.Lab.Processes;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Labs;

/// <summary>Starts processes in a lab's namespaces that outlive their starter: a session of their own, output in a file, nothing to read.</summary>
internal sealed class LabStarter(LabFolder folder, ProcessTable table)
{
    /// <summary>
    /// $1 is the lock, $2 the log, $3 the namespace. The lock is shared until the process is in its namespace, where whoever takes the lab down finds
    /// it; then it is let go of.
    /// </summary>
    private const string Script = """
        exec 9<"$1" >>"$2" 2>&1 </dev/null
        flock -s 9
        name=$3
        shift 3
        exec setsid ip netns exec "$name" sh -c 'exec 9<&- && exec "$@"' lab "$@"
        """;

    /// <summary>Starts it, and writes down that it was.</summary>
    /// <param name="name">In the lab; also its log's name.</param>
    /// <exception cref="LabException">It ended at once; the message has the end of its log.</exception>
    public LabProcess Start(string name, string host, string program, IEnumerable<string> arguments)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Log(name))!);
        var all = arguments.ToArray();
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", Script, "lab", folder.Lock, folder.Log(name), Places.Namespace(folder.Lab, host), program, .. all])
        { UseShellExecute = false };
        start.Environment["TMPDIR"] = folder.Temporary;
        // setsid and exec change what a process is, not its number nor its start.
        using var started = Process.Start(start)!;
        if (ProcStat.Of(started.Id) is not { IsAlive: true } stat)
            throw new LabException($"{name} has ended at once:\n{LogTail(name)}");
        var process = new LabProcess(name, host, program, [.. all], started.Id, stat.Id.Start);
        table.Put(process);
        return process;
    }

    /// <summary>Starts it again as it was started before, if it does not run.</summary>
    public LabProcess Restart(LabProcess process) =>
        process.IsAlive ? process : Start(process.Name, process.Host, process.Program, process.Arguments);

    /// <summary>The end of what a process has said.</summary>
    public string LogTail(string name) => File.Exists(folder.Log(name)) ? string.Join('\n', File.ReadLines(folder.Log(name)).TakeLast(10)) : "";
}
