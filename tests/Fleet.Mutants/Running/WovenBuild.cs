using System.Diagnostics;
using System.Text.Json;

namespace Fleet.Mutants.Running;

/// <summary>Builds the test projects of the woven tree, without the house's rules: switches break some of them.</summary>
public static class WovenBuild
{
    private const string Filter = "Mutants.slnf";

    /// <exception cref="MutantsException">A mutant does not compile; the message is the compiler's.</exception>
    public static async Task RunAsync(Checkout woven, IEnumerable<string> projects, CancellationToken cancellation)
    {
        var paths = string.Join(
            ", ", projects.Select(project => JsonEncodedText.Encode($"tests\\{project}\\{project}.csproj")).Select(path => $"\"{path}\""));
        await File.WriteAllTextAsync(woven.At(Filter), $$"""{ "solution": { "path": "Fleet.sln", "projects": [ {{paths}} ] } }""", cancellation);
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = woven.Root, UseShellExecute = false, RedirectStandardOutput = true };
        string[] arguments =
            [
                "build",
                Filter,
                "-c",
                "Release",
                "-v",
                "quiet",
                "-clp:NoSummary",
                "-p:RunAnalyzers=false",
                "-p:EnforceCodeStyleInBuild=false",
                "-p:TreatWarningsAsErrors=false",
                "-p:WarningLevel=0",
            ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var build = Process.Start(start) ?? throw new MutantsException("dotnet cannot be started.");
        using var stopped = cancellation.Register(() => build.Kill(entireProcessTree: true));
        var said = await build.StandardOutput.ReadToEndAsync(cancellation);
        await build.WaitForExitAsync(cancellation);
        if (build.ExitCode != 0)
            throw new MutantsException($"The tree with the mutants in it does not build:\n{said}");
    }
}
