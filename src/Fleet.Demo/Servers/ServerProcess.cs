using Fleet.Demo.Processes;

namespace Fleet.Demo.Servers;

/// <summary>
/// A server's process together with those that it has started, such as the backends of a PostgreSQL: killed, stopped and continued as one, and
/// started again with what is in its folder. It is dead when its folder is disposed of. For one caller at a time.
/// </summary>
/// <param name="command">The program, which stays in the foreground, and its arguments.</param>
internal sealed class ServerProcess(ServerFolder folder, string name, (string File, IReadOnlyList<string> Arguments) command)
{
    private ChildProcess? _process;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The end of what it has said, for the message of a test that fails.</summary>
    public string Log => folder.LogTail(name);

    /// <summary>The server's own, once it has been started.</summary>
    public int Pid => _process?.Pid ?? throw new InvalidOperationException($"{name} has not been started.");

    /// <summary>Starts it, also after it has ended, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not; the message has the end of its log.</exception>
    public async Task StartAsync(Func<Task<bool>> answersAsync, TimeSpan patience)
    {
        if (IsRunning)
            throw new InvalidOperationException($"{name} runs.");
        _process = folder.Start(name, command.File, command.Arguments);
        var since = TimeProvider.System.GetTimestamp();
        while (!await answersAsync())
        {
            if (!IsRunning || TimeProvider.System.GetElapsedTime(since) > patience)
                throw new InvalidOperationException($"{name} {(IsRunning ? "does not answer" : "has ended")}:\n{Log}");
            await Task.Delay(20);
        }
    }

    /// <summary>Asks it to end in its own way, and waits until it and its children are gone.</summary>
    public async Task EndAsync(Signal signal)
    {
        if (_process is null)
            return;
        var all = Stopped();
        ChildProcess.Send(Pid, signal);
        ChildProcess.Send(Pid, Signal.Continue);
        await _process.WaitAsync(CancellationToken.None);
        await GoneAsync(all);
    }

    /// <summary>SIGKILL to it and to its children.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        var all = Stopped();
        foreach (var pid in all)
            ChildProcess.Send(pid, Signal.Kill);
        await GoneAsync(all);
    }

    /// <summary>SIGSTOP: its connections stay open and nothing answers.</summary>
    public void Freeze()
    {
        foreach (var pid in Stopped())
            ChildProcess.Send(pid, Signal.Stop);
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw()
    {
        foreach (var pid in Stopped().Reverse())
            ChildProcess.Send(pid, Signal.Continue);
    }

    private async Task GoneAsync(IReadOnlyList<int> all)
    {
        await folder.KillAsync(_process!);
        _process = null;
        while (all.Any(ProcessTree.IsAlive))
            await Task.Delay(5);
    }

    /// <summary>The server first, and its children. It stands still while they are counted, or one that it starts now would be left out.</summary>
    private IReadOnlyList<int> Stopped()
    {
        if (!IsRunning)
            return [];
        ChildProcess.Send(Pid, Signal.Stop);
        return [Pid, .. ProcessTree.Below(Pid)];
    }
}
