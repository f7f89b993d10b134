using System.Diagnostics;
using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>The echo in C, compiled when it is needed.</summary>
public static class CEcho
{
    public static Contender Create(Workload workload) => new()
    {
        Name = "echo-c",
        Setting = "C, QR set and sent back",
        Workload = workload,
        Missing = Contender.Find("gcc") is null ? "there is no C compiler (gcc)" : null,
        IsEcho = true,
        ChoosesSites = false,
        Prepare = Compile,
    };

    private static Launch Compile(DirectoryInfo folder, int port)
    {
        var program = Path.Combine(folder.FullName, "echo");
        var source = Path.Combine(AppContext.BaseDirectory, "Children", "echo.c");
        using var compiler = Process.Start(
            new ProcessStartInfo("gcc", ["-O2", "-o", program, source]) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? new Launch(program, $"{port}") : throw new InvalidOperationException($"gcc could not compile echo.c: {said}");
    }
}
