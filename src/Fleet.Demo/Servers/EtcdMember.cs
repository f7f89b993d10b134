using System.Net;
using Fleet.Demo.Processes;

namespace Fleet.Demo.Servers;

/// <summary>One member of an <see cref="EtcdCluster"/>: a process that may be killed, stopped and started again with its data.</summary>
internal sealed class EtcdMember(ServerFolder folder, string program, string name, IReadOnlyList<string> arguments)
{
    private ChildProcess? _process;

    public string Name => name;

    /// <summary>For clients.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>For the other members.</summary>
    public required IPEndPoint Peer { get; init; }

    public bool IsRunning => _process is { HasExited: false };

    public int Pid => _process?.Pid ?? 0;

    /// <summary>Returns before it is ready.</summary>
    public void Start() => _process ??= folder.Start(name, program, arguments);

    /// <summary><c>kill -9</c>; its data stays.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        await folder.KillAsync(_process);
        _process = null;
    }

    /// <summary><c>SIGSTOP</c>: its connections stay open, and it answers nothing.</summary>
    public void Stop() => _process?.Send(Signal.Stop);

    public void Continue() => _process?.Send(Signal.Continue);
}
