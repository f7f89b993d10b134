using System.Runtime.InteropServices;

namespace Fleet.Benchmarks.Dns.Machine;

/// <summary>What the figures were measured on.</summary>
public static class Host
{
    public static string Describe()
    {
        var model = File
            .ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[^1]
            .Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ');
        return $"{Environment.ProcessorCount} cores of {model ?? "an unknown processor"}, Linux "
            + $"{File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, "
            + $"{RuntimeInformation.FrameworkDescription}; server on core {Cores.OfServer}, generator on core {Cores.OfGenerator}; load before the "
            + $"run {load[0]} {load[1]} {load[2]}";
    }
}
