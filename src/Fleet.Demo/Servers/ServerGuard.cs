using System.Diagnostics;

namespace Fleet.Demo.Servers;

/// <summary>
/// Ends servers, and removes their folder, when this process ends in whatever way: a shell waits for the end of its input, which the kernel brings
/// about. Who disposes of servers in time leaves it nothing to do.
/// </summary>
internal sealed class ServerGuard : IDisposable
{
    /// <summary>Each line is a folder and the pids that there are now. Signals of the terminal are not for the shell: it goes last.</summary>
    private const string Script = """
        trap '' INT TERM HUP
        while IFS= read -r line; do last=$line; done
        folder=${last%%|*}
        for pid in ${last#*|}; do kill -9 "$pid" 2>/dev/null; done
        [ -n "$folder" ] && rm -rf "$folder"
        exit 0
        """;

    private readonly string _folder;
    private readonly Process _shell;
    private readonly SortedSet<int> _pids = [];
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <param name="folder">Removed at the end.</param>
    public ServerGuard(string folder)
    {
        _folder = folder;
        _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { UseShellExecute = false, RedirectStandardInput = true })!;
        Tell();
    }

    public void Add(int pid)
    {
        lock (_lock)
            _pids.Add(pid);
        Tell();
    }

    /// <summary>It has ended: the number may be another process's soon.</summary>
    public void Remove(int pid)
    {
        lock (_lock)
            _pids.Remove(pid);
        Tell();
    }

    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Tell()
    {
        lock (_lock)
        {
            _shell.StandardInput.WriteLine($"{_folder}|{string.Join(' ', _pids)}");
            _shell.StandardInput.Flush();
        }
    }
}
