using Fleet.Demo.Processes;

namespace Fleet.Demo.Servers;

/// <summary>A temporary folder with servers that live in it. All of it is gone when this is disposed of, or when this process dies.</summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    private readonly ServerGuard _guard;
    private readonly List<ChildProcess> _running = [];

    public ServerFolder(string kind)
    {
        Path = Directory.CreateTempSubdirectory($"fleet-{kind}-").FullName;
        _guard = new ServerGuard(Path);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Starts a program; its output goes to <c>NAME.log</c> in the folder.</summary>
    public ChildProcess Start(string name, string program, IEnumerable<string> arguments)
    {
        var child = ChildProcess.Start(name, program, arguments, File($"{name}.log"));
        _guard.Add(child.Pid);
        lock (_running)
            _running.Add(child);
        return child;
    }

    /// <summary>Kills it at once, and waits until it is gone.</summary>
    public async Task KillAsync(ChildProcess child)
    {
        var pid = child.Pid;
        lock (_running)
            _running.Remove(child);
        await child.DisposeAsync();
        _guard.Remove(pid);
    }

    /// <summary>What a server wrote last, for a failure that says why.</summary>
    public string LogTail(string name) =>
        System.IO.File.Exists(File($"{name}.log")) ? string.Join('\n', System.IO.File.ReadLines(File($"{name}.log")).TakeLast(15)) : "";

    public async ValueTask DisposeAsync()
    {
        ChildProcess[] running;
        lock (_running)
            running = [.. _running];
        foreach (var child in running)
            await KillAsync(child);
        _guard.Dispose();
    }
}
