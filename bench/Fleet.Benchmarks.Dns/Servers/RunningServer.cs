using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fleet.Benchmarks.Dns.Machine;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>
/// A server in a process of its own on the server's core, with a folder and a port of its own. Disposing it ends the process and removes the folder.
/// </summary>
public sealed partial class RunningServer : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-dns-bench-");
    private readonly Process? _process;
    private readonly List<string> _said = [];
    private int[] _family = [];

    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    public RunningServer(Contender contender)
    {
        Contender = contender;
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        try
        {
            var launch = contender.Prepare(_folder, Endpoint.Port);
            string[] arguments = ["-c", Cores.OfServer.ToString(CultureInfo.InvariantCulture), launch.Program, .. launch.Arguments];
            _process = Process.Start(new ProcessStartInfo("taskset", arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder.FullName,
            });
            _process!.OutputDataReceived += (_, line) => Hear(line.Data);
            _process.ErrorDataReceived += (_, line) => Hear(line.Data);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Contender Contender { get; }

    public IPEndPoint Endpoint { get; }

    /// <summary>The process and its children, looked up once it answers.</summary>
    public IReadOnlyCollection<int> Family
    {
        get
        {
            if (_family.Length == 0)
                _family = [.. CpuTime.Family(_process!.Id)];
            return _family;
        }
    }

    public bool HasEnded => _process is not { HasExited: false };

    /// <summary>The last lines it wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said.TakeLast(8));
        }
    }

    /// <summary>Lets it run, or stands it still, so that it takes nothing from the one that is measured.</summary>
    public void SetRunning(bool isRunning)
    {
        foreach (var process in Family)
            _ = Signal(process, isRunning ? Continue : Stop);
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            SetRunning(true);
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(EndPatience);
        }

        _process?.Dispose();
        _folder.Refresh();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            if (line is not null && _said.Count < 1000)
                _said.Add(line);
        }
    }

    /// <summary>A port that is free for UDP and TCP at this moment.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(tcp.LocalEndPoint!);
                return ((IPEndPoint)tcp.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Taken for UDP: the next one.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
