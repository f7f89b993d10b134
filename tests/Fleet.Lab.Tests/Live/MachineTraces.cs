using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Fleet.Lab.Labs;

namespace Fleet.Lab.Tests.Live;

/// <summary>What there is on this machine of a lab: looked for by the lab's name, and by its namespaces where a name does not lead.</summary>
internal static class MachineTraces
{
    /// <summary>Links, routes and nftables of this process's own namespace. No lab may add one.</summary>
    public static string[] Links() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().Select(link => link.Name).Order(StringComparer.Ordinal),
        .. File.ReadLines("/proc/net/route").Concat(File.ReadLines("/proc/net/if_inet6")),
        NftTables(),
    ];

    /// <summary>The inode of the network namespace of each process, such as <c>net:[4026531840]</c>.</summary>
    public static string[] NetworksInUse() => [.. Processes().Select(pid => NetworkOf(pid)).OfType<string>().Distinct()];

    /// <summary>Files, mounts and processes that have to do with a lab of this name.</summary>
    public static string[] Of(string lab) =>
    [
        .. new[] { "/run", "/run/netns", "/run/fleet-lab", "/tmp" }.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries)
            .Where(path => Path.GetFileName(path).Contains(lab, StringComparison.Ordinal)),
        .. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains($"/{lab}", StringComparison.Ordinal)),
        .. Processes().Where(pid => CommandOf(pid).Contains(lab, StringComparison.Ordinal)).Select(pid => $"process {pid}: {CommandOf(pid)}"),
    ];

    private static string NftTables()
    {
        using var nft = Process.Start(
            new ProcessStartInfo(LabHostCheck.Find("nft")!, ["list", "tables"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var tables = nft.StandardOutput.ReadToEnd();
        nft.WaitForExit();
        return tables;
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid > 0);

    private static string CommandOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? NetworkOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/net").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
