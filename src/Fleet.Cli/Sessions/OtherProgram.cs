using System.ComponentModel;
using System.Diagnostics;
using Fleet.Cli.Messages;

namespace Fleet.Cli.Sessions;

/// <summary>Runs another program of Fleet for what only that can do, and passes on what it says and how it ends: its exit codes are pbm's.</summary>
/// <param name="name">What it is called.</param>
/// <param name="folder">Where its sources are in a checkout.</param>
/// <param name="variable">What names another than the one beside pbm.</param>
/// <param name="where">What is its business, and where that is to be done.</param>
internal sealed class OtherProgram(string name, string folder, string variable, string where)
{
    public static readonly OtherProgram Coordinator = new(
        "fleet-coordinator",
        "Fleet.Coordinator",
        "FLEET_COORDINATOR",
        "stores are its business. Run this where a coordinator is installed");

    public static readonly OtherProgram Node = new(
        "fleet-node", "Fleet.Node", "FLEET_NODE", "what a host lacks is its business. Run this where a node is installed");

    public async Task<int> RunAsync(CliHost host, IEnumerable<string> words, CancellationToken cancel)
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
    private string Find(CliHost host)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string?[] places =
        [
            host.Environment(variable),
            Path.Combine(here.FullName, name),
            here.Parent?.Parent is { } bin ? Path.Combine(bin.FullName, folder, here.Name, name) : null,
        ];
        return places.FirstOrDefault(File.Exists) ?? name;
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PbmException(
                ExitCode.Unreachable,
                $"{name} is not here ({e.Message}): {where}, or name it in {variable}.");
        }
    }

    private static async Task PassAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
            await to.WriteLineAsync(line);
    }
}
