using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// HAProxy in master-worker mode as a process of its own, which outlives whoever started it: in a session of its own, with its output in a file.
/// </summary>
internal sealed class HaproxyProcess(HaproxyOptions options, HaproxyFiles files, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan DyingMax = TimeSpan.FromSeconds(1);

    /// <summary>Its processes now; null while there is no master that can be spoken to.</summary>
    public async Task<ProcessTable?> LookAsync(CancellationToken cancellation)
    {
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            var answer = await MasterLink.AskAsync(options.MasterSocket, "show proc", late.Token);
            return answer is null ? null : ProcessTable.TryRead(answer);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>What the process that takes new connections says that it carries; null where it says nothing.</summary>
    public async Task<string?> CarriedAsync(CancellationToken cancellation)
    {
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            using var link = await RuntimeLink.OpenAsync(options.Rendering.SocketPath, late.Token);
            return await CarriedAsync(link, late.Token);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public static async Task<string?> CarriedAsync(RuntimeLink link, CancellationToken cancellation) =>
        MapEntry.Value(await link.AskAsync($"get map {HaproxyConfig.CarriedMap} {HaproxyConfig.CarriedKey}", cancellation));

    /// <summary>What HAProxy finds wrong with that version; null if nothing (<c>haproxy -c</c>).</summary>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public async Task<string?> MistakesAsync(string version, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Program()) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var word in new[] { "-c", "-f", HaproxyFiles.ConfigOf(version) })
            start.ArgumentList.Add(word);
        using var process = Started(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = await process.StandardError.ReadToEndAsync(cancellation);
            await output;
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? null : HaproxyLog.Alerts(errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Starts it with the current configuration, and returns when it has loaded that. Nothing of an earlier one may be left.</summary>
    /// <exception cref="IOException">It ended, or did not take its configuration.</exception>
    public async Task<ProcessTable> StartAsync(string word, CancellationToken cancellation)
    {
        var logged = LogLength();
        // HAProxy's -S has options behind commas. The shell only redirects, and becomes HAProxy.
        var start = new ProcessStartInfo("/usr/bin/setsid");
        string[] words =
        [
            "/bin/sh", "-c", "exec \"$0\" \"$@\" >>\"$FLEET_HAPROXY_LOG\" 2>&1 </dev/null",
            Program(), "-W", "-S", $"{options.MasterSocket},mode,600", "-f", files.CurrentConfig,
        ];
        foreach (var each in words)
            start.ArgumentList.Add(each);
        start.Environment["FLEET_HAPROXY_LOG"] = options.LogFile;
        using var process = Started(start);
        using var late = new Deadline(time, options.LoadMax, cancellation);
        while (true)
        {
            if (await CarriedAsync(cancellation) == word && await LookAsync(cancellation) is { Worker: not null } now)
                return now;
            if (process.HasExited)
                throw new IOException($"HAProxy ended with exit code {process.ExitCode} when it was started: {HaproxyLog.Alerts(LogSince(logged))}");
            await DelayAsync(late, $"HAProxy did not load its configuration within {options.LoadMax.TotalSeconds:0.#} s of its start", cancellation);
        }
    }

    /// <summary>Has it load the current configuration, and returns when the process that takes new connections has done so.</summary>
    /// <param name="before">Its processes before.</param>
    /// <exception cref="IOException">It could not; the process of before goes on.</exception>
    public async Task<ProcessTable> ReloadAsync(ProcessTable before, string word, CancellationToken cancellation)
    {
        var logged = LogLength();
        await TellMasterAsync("reload", cancellation);
        using var late = new Deadline(time, options.LoadMax, cancellation);
        while (true)
        {
            // Only here HAProxy 2.6 says whether a reload was of use. The process of before may carry the same word.
            if (await LookAsync(cancellation) is { Worker: not null } now && now.Reloads > before.Reloads)
            {
                if (now.FailedReloads > 0)
                    throw new IOException($"HAProxy could not load it: {HaproxyLog.Alerts(LogSince(logged))}");
                if (await CarriedAsync(cancellation) == word)
                    return now;
            }

            await DelayAsync(late, $"HAProxy has not loaded it within {options.LoadMax.TotalSeconds:0.#} s", cancellation);
        }
    }

    /// <summary>
    /// Kills all of its processes and waits until they are gone, for a second at most. They have to be gone twice: a master that has just loaded
    /// something executes itself anew, and for a moment has no command line by which it could be found (execve(2)).
    /// </summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        for (var gone = 0; gone < 2 && time.GetElapsedTime(since) < DyingMax;)
        {
            var pids = Pids();
            foreach (var pid in pids)
                Kill(pid);
            gone = pids.Count == 0 ? gone + 1 : 0;
            if (gone < 2)
                await Task.Delay(LookEvery, time, cancellation);
        }

        File.Delete(options.MasterSocket);
        File.Delete(options.Rendering.SocketPath);
    }

    /// <summary>Some process of it is there, whether or not it answers.</summary>
    public bool Lives => Pids().Count > 0;

    /// <summary>That process is one of it, and has not ended; one that only its parent has yet to hear of has.</summary>
    public bool IsAlive(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(files.CurrentConfig);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Those that were started with this folder's configuration, whether they answer or not.</summary>
    private List<int> Pids()
    {
        var pids = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && IsAlive(pid))
                pids.Add(pid);
        return pids;
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It is gone.
        }
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException($"Cannot start {start.FileName}.");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"Cannot start {start.FileName}: {e.Message}", e);
        }
    }

    private async Task TellMasterAsync(string command, CancellationToken cancellation)
    {
        using var late = new Deadline(time, options.AnswerMax, cancellation);
        try
        {
            if (await MasterLink.AskAsync(options.MasterSocket, command, late.Token) is null)
                throw new IOException("HAProxy's master takes no commands.");
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"HAProxy's master does not answer '{command}'.", e);
        }
        catch (IOException e) when (e.InnerException is System.Net.Sockets.SocketException)
        {
            // The master begins anew in the middle of the conversation.
        }
    }

    private async Task DelayAsync(Deadline late, string why, CancellationToken cancellation)
    {
        if (late.Token.IsCancellationRequested && !cancellation.IsCancellationRequested)
            throw new IOException(why);
        await Task.Delay(LookEvery, time, cancellation);
    }

    private string Program() =>
        options.Program.Contains('/', StringComparison.Ordinal) || !File.Exists("/usr/sbin/" + options.Program)
            ? options.Program
            : "/usr/sbin/" + options.Program;

    private long LogLength() => new FileInfo(options.LogFile) is { Exists: true } log ? log.Length : 0;

    private string LogSince(long offset)
    {
        using var log = new FileStream(options.LogFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Min(offset, log.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }
}
