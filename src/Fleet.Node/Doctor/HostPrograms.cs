using System.ComponentModel;
using System.Diagnostics;

namespace Fleet.Node.Doctor;

/// <summary>Programs that this host has, asked what they are.</summary>
internal static class HostPrograms
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What it prints, output first, and how it ends; null where it cannot be started or does not end.</summary>
    public static (string Said, int ExitCode)? Ask(string program, string input, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Find(program), arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            if (process.WaitForExit(Patience))
                return (output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult(), process.ExitCode);
            process.Kill();
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return null;
        }
    }

    /// <summary>The first line that it says of itself; null where it cannot be started.</summary>
    public static string? Version(string program, string argument) =>
        Ask(program, "", argument) is (var said, 0) ? said.Split('\n')[0].Trim() : null;

    /// <summary>Not everybody's path has the folder in which Debian keeps servers.</summary>
    private static string Find(string program) =>
        !program.Contains('/', StringComparison.Ordinal) && File.Exists($"/usr/sbin/{program}") ? $"/usr/sbin/{program}" : program;
}
