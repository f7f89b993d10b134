using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>Starts and kills relay processes.</summary>
internal static class RelayChild
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private static readonly TimeSpan DyingMax = TimeSpan.FromSeconds(1);

    /// <param name="socketPath">Where this one is to take orders.</param>
    public static Process Start(RelayClientOptions options, string socketPath)
    {
        var own = options.LogFile is not null;
        var start = new ProcessStartInfo(options.Command[0])
        {
            UseShellExecute = false,
            // With a log of its own the child keeps none of the agent's streams: who reads those would wait for the relay's end too.
            RedirectStandardInput = own,
            RedirectStandardOutput = own,
            RedirectStandardError = own,
        };
        foreach (var argument in options.Command.Skip(1))
            start.ArgumentList.Add(argument);
        string[] arguments = ["relay", "--socket", socketPath, "--node", options.Node, "--orphan-max-ms", Milliseconds(options.OrphanMax)];
        foreach (var argument in own ? [.. arguments, "--log", options.LogFile!] : arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_gcServer"] = "0"; // One heap: a relay has few objects, and its memory counts beside the traffic.
        var process = Process.Start(start) ?? throw new IOException($"Cannot start {options.Command[0]}.");
        if (own)
        {
            process.StandardInput.Close();
            process.StandardOutput.Close();
            process.StandardError.Close();
        }

        return process;
    }

    /// <summary>The process that listens at the other end, also if it is stopped and says nothing (SO_PEERCRED, unix(7)).</summary>
    public static int PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return MemoryMarshal.Read<int>(credentials);
    }

    /// <summary>Kills it, if that process still is a relay of this node, and waits until it is gone and its listeners with it.</summary>
    public static async Task KillAsync(int pid, RelayClientOptions options, CancellationToken cancellation)
    {
        try
        {
            var commandLine = await File.ReadAllTextAsync($"/proc/{Text(pid)}/cmdline", cancellation);
            // A relay that was a spare was started with the spare's path.
            if (commandLine.Split('\0').Any(word => word == options.SocketPath || word == options.SparePath))
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            else if (commandLine.Length > 0)
            {
                return; // The number belongs to another program by now.
            }

            var since = Stopwatch.StartNew();
            while (Lives(pid) && since.Elapsed < DyingMax)
                await Task.Delay(1, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It is gone.
        }
    }

    /// <summary>
    /// It may still have files open: some thread of it lives. A process whose first thread is a zombie (proc(5): state Z, after the name in parentheses) can have others that
    /// are not done yet, and only the last one closes the files.
    /// </summary>
    internal static bool Lives(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Text(pid)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..] is not ['Z' or 'X', ..] || Directory.GetDirectories($"/proc/{Text(pid)}/task").Length > 1;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
