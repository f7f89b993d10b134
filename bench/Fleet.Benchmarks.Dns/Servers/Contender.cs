using Fleet.Benchmarks.Dns.Scenario;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>A server to be measured: how to start it, and what may be expected of it.</summary>
public sealed record Contender
{
    /// <summary>As in the table and in --peers.</summary>
    public required string Name { get; init; }

    /// <summary>The way it was set up, in a few words.</summary>
    public required string Setting { get; init; }

    public required Workload Workload { get; init; }

    /// <summary>What keeps it from being measured here; null is nothing.</summary>
    public string? Missing { get; init; }

    /// <summary>It gives queries back and knows nothing of DNS.</summary>
    public bool IsEcho { get; init; }

    /// <summary>Its answer depends on the client subnet, and it says so in the scope.</summary>
    public bool ChoosesSites { get; init; } = true;

    /// <summary>It is asked for signatures, and gives them.</summary>
    public bool IsSigned { get; init; }

    /// <summary>It has more than one thread that works while it is measured, and they wait for each other.</summary>
    public bool WaitsForItself { get; init; }

    /// <summary>Writes its configuration and says which program to run, with which arguments. The program must stay in the foreground.</summary>
    public required Func<DirectoryInfo, int, Launch> Prepare { get; init; }

    /// <summary>Whether a program is on the PATH or where daemons are; its place, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>What to say where <paramref name="program"/> is not installed; null where it is.</summary>
    public static string? Lacks(string program) => Find(program) is null ? $"{program} is not installed (./fleet setup)" : null;
}

/// <summary>A program and its arguments.</summary>
public sealed record Launch(string Program, params string[] Arguments);
