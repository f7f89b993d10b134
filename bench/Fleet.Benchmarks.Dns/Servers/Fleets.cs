using System.Globalization;
using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>
/// This program itself as a server, in a process of its own: Fleet's DNS server with the runtime settings of fleet-node, and the echo in C#.
/// </summary>
public static class Fleets
{
    public static Contender Own(Workload workload) => Server("fleet", "one UDP thread", workload);

    public static Contender Large(Workload workload) => Server("fleet-large", Size(workload), workload);

    public static Contender Changing(Workload workload, TimeSpan every) => Server(
        "fleet-changing",
        $"{Size(workload)}, a map every {every.TotalMilliseconds:0} ms",
        workload,
        "--change-ms",
        every.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)) with
    { WaitsForItself = true };

    public static Contender Signed(Workload workload) =>
        Server("fleet-signed", "queries with DO, answers signed", workload, "--signed") with { IsSigned = true };

    public static Contender Echo(Workload workload) => new()
    {
        Name = "echo-cs",
        Setting = "C#, QR set and sent back",
        Workload = workload,
        IsEcho = true,
        ChoosesSites = false,
        Prepare = (_, port) => Child("echo", "--port", $"{port}"),
    };

    private static Contender Server(string name, string setting, Workload workload, params string[] more) => new()
    {
        Name = name,
        Setting = setting,
        Workload = workload,
        Prepare = (_, port) => Child(["serve", "--port", $"{port}", "--names", $"{workload.Names}", "--prefixes", $"{workload.Prefixes}", .. more]),
    };

    private static string Size(Workload workload) => $"{workload.Names:N0} names, {workload.Prefixes:N0} prefixes";

    /// <summary>This program again, with the runtime settings of fleet-node.</summary>
    public static Launch Child(params string[] arguments)
    {
        var folder = AppContext.BaseDirectory;
        return new Launch(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Contender.Find("dotnet") ?? "dotnet",
            [
                "exec",
                "--runtimeconfig",
                Path.Combine(folder, "fleet-node.runtimeconfig.json"),
                "--depsfile",
                Path.Combine(folder, "fleet-dns-bench.deps.json"),
                Path.Combine(folder, "fleet-dns-bench.dll"),
                .. arguments,
            ]);
    }
}
