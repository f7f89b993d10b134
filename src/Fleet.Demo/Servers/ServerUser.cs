using System.Diagnostics;

namespace Fleet.Demo.Servers;

/// <summary>
/// Who a server runs as: some refuse to be run by root, and then run as an ordinary user. Where this program does not run as root, everything is its
/// own user's.
/// </summary>
internal sealed class ServerUser(string name)
{
    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>The command that runs a program as this user, in the same process.</summary>
    public (string File, IReadOnlyList<string> Arguments) Command(string program, IEnumerable<string> arguments) => IsRoot
        ? ("setpriv", [$"--reuid={name}", $"--regid={name}", "--clear-groups", "--", program, .. arguments])
        : (program, [.. arguments]);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public Task RunAsync(string program, params string[] arguments)
    {
        var (file, all) = Command(program, arguments);
        return RunCommandAsync(file, all);
    }

    /// <summary>A file that nobody else can read.</summary>
    public async Task<string> WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await OwnAsync(file);
        return file;
    }

    public Task OwnAsync(string path) => IsRoot ? RunCommandAsync("chown", [$"{name}:", path]) : Task.CompletedTask;

    private static async Task RunCommandAsync(string file, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} has failed: {output}{await errors}");
    }
}
