using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Control;

/// <summary>Which process has a port or a file, as far as /proc tells: for people who wonder what a starting agent waits for.</summary>
internal static class HolderOf
{
    private const string Listening = "0A";
    /// <summary>The words for a port that is free.</summary>
    public const string Nobody = "nobody any more";

    private const string Unseen = "a process that this one may not look at";

    /// <summary>The process with this file open, in words.</summary>
    public static string File(string path) => ProcessWith([path]) ?? Unseen;

    /// <summary>The process that has this port, in words; if it may not be looked at, only that there is one.</summary>
    public static string Port(ProtocolType protocol, IPEndPoint at)
    {
        try
        {
            var name = protocol == ProtocolType.Tcp ? "tcp" : "udp";
            var inodes = InodesOf($"/proc/net/{name}", protocol, at)
                .Concat(InodesOf($"/proc/net/{name}6", protocol, at))
                .Select(inode => $"socket:[{inode}]")
                .ToHashSet();
            return inodes.Count == 0 ? Nobody : ProcessWith(inodes) ?? Unseen;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process that this system does not tell";
        }
    }

    private static IEnumerable<string> InodesOf(string table, ProtocolType protocol, IPEndPoint at)
    {
        foreach (var line in System.IO.File.Exists(table) ? System.IO.File.ReadLines(table).Skip(1) : [])
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && (protocol != ProtocolType.Tcp || fields[3] == Listening) && Overlaps(fields[1], at))
                yield return fields[9];
        }
    }

    /// <summary>
    /// The kernel's tables write an address as words of 32 bits, each a hexadecimal number in the host's byte order, then a colon and the port.
    /// </summary>
    private static bool Overlaps(string entry, IPEndPoint at)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0
            || !int.TryParse(entry.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port)
            || port != at.Port)
            return false;
        var bytes = entry[..colon]
            .Chunk(8)
            .SelectMany(word => BitConverter.GetBytes(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            .ToArray();
        var held = new IPAddress(bytes);
        return IsAny(held) || IsAny(at.Address) || held.Equals(at.Address);
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string? ProcessWith(HashSet<string> targets)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd"))
                    .Any(fd => new FileInfo(fd).LinkTarget is { } target && targets.Contains(target)))
                    return $"process {Path.GetFileName(process)} ({System.IO.File.ReadAllText(Path.Combine(process, "comm")).TrimEnd()})";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or gone meanwhile.
            }
        }

        return null;
    }
}
