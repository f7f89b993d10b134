using System.ComponentModel;
using System.Diagnostics;
using Fleet.Cli.Messages;

namespace Fleet.Cli.Sessions;

/// <summary>Runs the coordinator's program for what only that can do, and passes on what it says and how it ends: its exit codes are pbm's.</summary>
internal static class CoordinatorProgram
{
    private const string Name = "fleet-coordinator";

    /// <summary>Names another than the one beside pbm.</summary>
    private const string Variable = "FLEET_COORDINATOR";

    public static async Task<int> RunAsync(CliHost host, IEnumerable<string> words, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Find(host))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in words)
            start.ArgumentList.Add(word);
        using var program = Start(start);
        var said = Task.WhenAll(PassAsync(program.StandardOutput, host.Out), PassAsync(program.StandardError, host.Error));
        try
        {
            await program.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            // What it has not ended leaves a mark that nobody leads over.
            program.Kill();
            throw;
        }

        await said;
        return program.ExitCode;
    }

    /// <summary>Beside pbm, or beside its folder in a checkout, or on the path.</summary>
    private static string Find(CliHost host)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string?[] places =
        [
            host.Environment(Variable),
            Path.Combine(here.FullName, Name),
            here.Parent?.Parent is { } bin ? Path.Combine(bin.FullName, "Fleet.Coordinator", here.Name, Name) : null,
        ];
        return places.FirstOrDefault(File.Exists) ?? Name;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PbmException(
                ExitCode.Unreachable,
                $"{Name} is not here ({e.Message}): stores are its business. Run this where a coordinator is installed, or name it in {Variable}.");
        }
    }

    private static async Task PassAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
            await to.WriteLineAsync(line);
    }
}
