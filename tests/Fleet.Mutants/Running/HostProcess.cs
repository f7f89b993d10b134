using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Mutants.Hosting;
using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Running;

/// <summary>
/// Runs tests in a process of their own, with one mutant on: what is static begins anew with each. The process has a session of its own, and whatever
/// it has started ends with it.
/// </summary>
public sealed partial class HostProcess(Checkout checkout)
{
    private const int SigKill = 9;
    private const int SaidMax = 400;

    private readonly Checkout _woven = checkout.Woven;
    private int _runs;

    /// <summary>Puts the host beside each test assembly, where it finds what that needs.</summary>
    public void Install(IEnumerable<string> projects)
    {
        foreach (var project in projects)
            File.Copy(typeof(Host).Assembly.Location, HostOf(project), overwrite: true);
    }

    /// <param name="number">The mutant that is on; 0 is none.</param>
    public async Task<Outcome> RunAsync(TestRun run, int number, CancellationToken cancellation)
    {
        var name = $"{number:d3}-{run.Project}-{Interlocked.Increment(ref _runs)}";
        var order = new HostOrder(run.Project, Path.Combine(checkout.Logs, $"{name}.report"), run.Only, run.Without, run.IsWhole);
        var log = Path.Combine(checkout.Logs, $"{name}.log");
        using var process = Start(run, order, log, number);
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(run.Limit, cancellation);
        }
        catch (TimeoutException)
        {
            return new Outcome.Hung();
        }
        finally
        {
            _ = Kill(-process.Id, SigKill); // The whole session.
        }

        return Told(order.Report, process.ExitCode, log);
    }

    private Process Start(TestRun run, HostOrder order, string log, int number)
    {
        var folder = _woven.Built(run.Project);
        // setsid(1) replaces the shell: its process id is the session's.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _woven.Root };
        string[] arguments =
        [
            "-c", "log=$1; shift; exec setsid \"$@\" </dev/null >\"$log\" 2>&1", "sh", log,
            Environment.ProcessPath is { } dotnet && Path.GetFileName(dotnet) == "dotnet" ? dotnet : "dotnet", "exec",
            "--depsfile",
            Path.Combine(folder, $"{run.Project}.deps.json"),
            "--runtimeconfig",
            Path.Combine(folder, $"{run.Project}.runtimeconfig.json"),
            HostOf(run.Project), .. order.ToArguments(),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[WovenTree.Variable] = number.ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in run.Environment)
            start.Environment[key] = value;
        return Process.Start(start) ?? throw new MutantsException("/bin/sh cannot be started.");
    }

    private static Outcome Told(string report, int exitCode, string log)
    {
        var lines = File.Exists(report) ? File.ReadAllLines(report).Select(line => line.Split('\t')).ToArray() : [];
        var failures = lines.Where(line => line[0] == Reporting.Failed).Select(line => new Failure(line[1], line[2])).ToArray();
        if (failures.Length > 0)
            return new Outcome.Failed(failures);
        if (exitCode == 0 && lines is [.., [Reporting.Ended, var passed, ..]])
            return new Outcome.Passed(int.Parse(passed, CultureInfo.InvariantCulture));
        var said = File.Exists(log) ? File.ReadAllText(log).Trim() : "";
        return new Outcome.Crashed(exitCode, said.Length > SaidMax ? said[^SaidMax..] : said);
    }

    private string HostOf(string project) => Path.Combine(_woven.Built(project), Path.GetFileName(typeof(Host).Assembly.Location));

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
