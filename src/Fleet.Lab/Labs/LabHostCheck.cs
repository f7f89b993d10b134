using System.Runtime.InteropServices;

namespace Fleet.Lab.Labs;

/// <summary>Whether a lab can be built on this machine.</summary>
internal static partial class LabHostCheck
{
    /// <summary>The first that lengthens the life of an element of an nftables set (decision 0021).</summary>
    private static readonly Version HolderKernelMin = new(6, 12);

    private static readonly (string Program, string Package)[] Programs =
    [
        ("ip", "iproute2"), ("tc", "iproute2"), ("sysctl", "procps"), ("flock", "util-linux"), ("setsid", "util-linux"), ("stat", "coreutils"),
    ];

    /// <summary>What is missing and how to get it, in a sentence; null when a lab can be built.</summary>
    public static string? Missing => Lacks(
        OperatingSystem.IsLinux(), OperatingSystem.IsLinux() && UserId() == 0, Path.Exists("/dev/net/tun"), program => Find(program) is not null);

    /// <summary>What agents need beside that to hold VIPs, in a sentence; null when they can.</summary>
    public static string? MissingForAgents => LacksForAgents(Environment.OSVersion.Version, Find("nft") is not null);

    public static string? LacksForAgents(Version kernel, bool hasNft) => (hasNft, kernel < HolderKernelMin) switch
    {
        (false, _) => "Agents hold VIPs with nft, and it is not here: install nftables, or build the lab without agents (--no-agents).",
        (_, true) => $"Agents hold VIPs with what Linux {HolderKernelMin} can do, and this is {kernel.ToString(2)}: "
            + "build the lab without agents (--no-agents).",
        _ => null,
    };

    /// <param name="has">Whether a program is installed.</param>
    public static string? Lacks(bool linux, bool root, bool tun, Func<string, bool> has)
    {
        if (!linux)
            return "A lab is made of Linux network namespaces; this is not Linux.";
        var missing = Programs.Where(each => !has(each.Program)).ToArray();
        if (missing.Length > 0)
        {
            var packages = string.Join(' ', missing.Select(each => each.Package).Distinct());
            return $"A lab needs {string.Join(", ", missing.Select(each => each.Program))}, and it is not here: install {packages}.";
        }

        if (!root)
            return "A lab is made of network namespaces, which only root may make: run it as root.";
        return tun ? null : "A lab needs /dev/net/tun, and it is not here: modprobe tun.";
    }

    /// <summary>Where a program is; null where it is not installed. Some stand in folders that are not on everybody's path.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/bin:/sbin:/bin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
