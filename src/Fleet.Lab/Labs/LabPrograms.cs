using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Lab.Rendering;

namespace Fleet.Lab.Labs;

/// <summary>
/// Runs the system's programs that build and remove namespaces. While one runs it shares the lab's lock, also when its starter has been killed:
/// whoever takes the lab down waits for it.
/// </summary>
internal sealed class LabPrograms(LabFolder folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public const string NamespaceFolder = "/run/netns";

    /// <summary>Makes namespaces, all in one program.</summary>
    public Task AddNamespacesAsync(IEnumerable<string> names, CancellationToken cancellation) =>
        SharedAsync(["ip", "-batch", "-"], string.Concat(names.Select(name => $"netns add {name}\n")), "the namespaces", cancellation);

    public Task RunAsync(LabScript script, CancellationToken cancellation) =>
        SharedAsync(Command(script), script.Text, script.Namespace, cancellation);

    /// <summary>One line for <c>ip</c> in a namespace.</summary>
    public Task IpAsync(string name, string line, CancellationToken cancellation) =>
        RunAsync(new LabScript(name, LabTool.Ip, [line]), cancellation);

    /// <summary>Removes a namespace; for who has the lock alone.</summary>
    public static Task DeleteNamespaceAsync(string name, CancellationToken cancellation) =>
        RunAsync(["ip", "netns", "del", name], "", $"namespace {name}", cancellation);

    /// <summary>The inode of each of these namespaces that is there.</summary>
    public static async Task<ImmutableDictionary<string, string>> InodesAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        var files = names.Select(name => Path.Combine(NamespaceFolder, name)).Where(File.Exists).ToArray();
        if (files.Length == 0)
            return [];
        // One that goes meanwhile is left out, and stat says so and fails.
        var (output, _, _) = await OutputAsync(["stat", "-L", "-c", "%i %n", .. files], "", cancellation);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
            .ToImmutableDictionary(parts => Path.GetFileName(parts[1]), parts => parts[0]);
    }

    /// <summary>What a program says inside a namespace, whatever comes of it.</summary>
    public static async Task<string> OutputInAsync(string name, string[] command, CancellationToken cancellation) =>
        (await OutputAsync(["ip", "netns", "exec", name, .. command], "", cancellation)).Output;

    /// <exception cref="LabException">It failed; the message is the program's.</exception>
    public static async Task RunAsync(string[] command, string input, string where, CancellationToken cancellation)
    {
        var (_, errors, code) = await OutputAsync(command, input, cancellation);
        if (code != 0)
            throw new LabException($"{string.Join(' ', command)} failed for {where}: {errors.Trim()}");
    }

    private Task SharedAsync(string[] command, string input, string where, CancellationToken cancellation) =>
        RunAsync(["flock", "-s", folder.Lock, .. command], input, where, cancellation);

    private static string[] Command(LabScript script) => script.Tool switch
    {
        LabTool.Sysctl => ["ip", "netns", "exec", script.Namespace, "sysctl", "-q", "-p", "-"],
        LabTool.Ip => ["ip", "-n", script.Namespace, "-batch", "-"],
        LabTool.Ip6 => ["ip", "-6", "-n", script.Namespace, "-batch", "-"],
        _ => ["tc", "-n", script.Namespace, "-batch", "-"],
    };

    private static async Task<(string Output, string Errors, int Code)> OutputAsync(string[] command, string input, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(LabHostCheck.Find(command[0]) ?? command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await FeedAsync(process, input, patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (await output, await errors, process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            if (cancellation.IsCancellationRequested)
                throw;
            throw new LabException($"{string.Join(' ', command)} has not ended within {Patience.TotalSeconds} s.");
        }
    }

    private static async Task FeedAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read all; its exit code and errors say why.
        }
    }
}
