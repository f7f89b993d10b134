using System.Diagnostics;

namespace Fleet.Testing;

/// <summary>Programs of the system's packages, with which tests check what Fleet says; each run is bounded in time.</summary>
public static class SystemProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where a program is; null where it is not installed. Servers stand in folders that are not on everybody's path.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin".Split(
            ':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Those that are not installed.</summary>
    public static string[] Missing(params string[] programs) => [.. programs.Where(program => Find(program) is null)];

    /// <summary>Runs one to its end and returns what it printed, errors last.</summary>
    /// <exception cref="TimeoutException">It did not end; it has been killed.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return output + await errors;
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended within {Patience}", late);
        }
    }
}
