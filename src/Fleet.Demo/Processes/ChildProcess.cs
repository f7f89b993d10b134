using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fleet.Demo.Processes;

/// <summary>Signals as <c>kill(2)</c> knows them.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Term = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>
/// A process that this one started, with its output in a file. It is signalled by its own pid, never by name, and is dead when this is disposed.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private bool _disposed;

    private ChildProcess(string name, Process process, StreamWriter log)
    {
        Name = name;
        _process = process;
        _log = log;
    }

    public string Name { get; }

    public int Pid => _process.Id;

    public bool HasExited => _disposed || _process.HasExited;

    /// <summary>Only after it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(string name, string file, IEnumerable<string> arguments, string logPath)
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // As the units in infra/systemd start them: docs/decisions/0020-compiled-ahead.md.
        start.Environment.TryAdd("DOTNET_EnableWriteXorExecute", "0");
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        Directory.CreateDirectory(Path.GetDirectoryName(logPath)!);
        var output = new StreamWriter(new FileStream(logPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var child = new Process { StartInfo = start };
        var gate = new Lock();
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (gate)
            {
                if (line.Data is not null && output.BaseStream is { CanWrite: true })
                    output.WriteLine(line.Data);
            }
        };
        child.OutputDataReceived += keep;
        child.ErrorDataReceived += keep;
        child.Start();
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return new ChildProcess(name, child, output);
    }

    public void Send(Signal signal) => Send(Pid, signal);

    /// <summary>Signals a process that a child of ours started. A pid that is gone is no error.</summary>
    public static void Send(int pid, Signal signal)
    {
        if (pid > 1)
            _ = SendSignal(pid, (int)signal);
    }

    public Task WaitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_process.HasExited)
        {
            Send(Signal.Kill);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _log.DisposeAsync();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
