using System.Diagnostics;

namespace Fleet.Node.Tests.Gslb.World;

/// <summary>Other people's DNS programs, bounded in time.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Find(program)!, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            string written = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return written + await errors;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}

/// <summary>A test that needs other people's programs; skipped, and said so, where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorldTheoryAttribute : TheoryAttribute
{
    public WorldTheoryAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(program => Programs.Find(program) is null)];
        if (missing.Length > 0)
            Skip = $"{string.Join(", ", missing)} not found; './fleet setup' installs dig, kdig, drill and unbound.";
    }
}
