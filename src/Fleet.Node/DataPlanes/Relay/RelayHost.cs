using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>This host: relays are child processes that listen at Unix domain sockets.</summary>
internal sealed class RelayHost(RelayClientOptions options) : IRelayHost
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private static readonly TimeSpan DyingMax = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<RelayPeer?> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new RelayPeer(new NetworkStream(socket, ownsSocket: true), PeerOf(socket));
        }
        catch (SocketException)
        {
            // A path where nobody listens is "Cannot assign requested address" in .NET's words.
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IRelayChild Start(string path)
    {
        try
        {
            return new Child(StartProcess(path));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new IOException($"Cannot start {options.Command[0]}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task KillAsync(int pid, CancellationToken cancellation)
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
    /// The process may still have files open, because some thread of it lives. A process whose first thread is a zombie (proc(5): state Z, after the
    /// name in parentheses) can have others that are not done yet, and only the last one closes the files.
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

    /// <inheritdoc/>
    public void Rename(string from, string to) => Do(() => File.Move(from, to, overwrite: true));

    /// <inheritdoc/>
    public void Delete(string path) => Do(() => File.Delete(path));

    private static void Do(Action change)
    {
        try
        {
            change();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>The process that listens at the other end, even if it is stopped and does not answer (SO_PEERCRED, unix(7)).</summary>
    private static int PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return MemoryMarshal.Read<int>(credentials);
    }

    private Process StartProcess(string path)
    {
        var own = options.LogFile is not null;
        var start = new ProcessStartInfo(options.Command[0])
        {
            UseShellExecute = false,
            // With a log of its own, the child keeps none of the agent's streams: whoever reads those would wait for the relay's end too.
            RedirectStandardInput = own,
            RedirectStandardOutput = own,
            RedirectStandardError = own,
        };
        foreach (var argument in options.Command.Skip(1))
            start.ArgumentList.Add(argument);
        string[] arguments =
        [
            "relay", "--socket", path, "--node", options.Node, "--orphan-max-ms", Milliseconds(options.OrphanMax),
            "--connect-timeout-ms", Milliseconds(options.ConnectTimeout),
        ];
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

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private sealed class Child(Process process) : IRelayChild
    {
        public int Id { get; } = process.Id;

        public bool HasExited => process.HasExited;

        public int ExitCode => process.ExitCode;

        public void Dispose() => process.Dispose();
    }
}
