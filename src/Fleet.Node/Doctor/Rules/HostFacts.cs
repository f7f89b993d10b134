using System.Collections.Immutable;
using System.Net;

namespace Fleet.Node.Doctor.Rules;

/// <summary>Whose rights were looked at.</summary>
internal enum RightsOf
{
    /// <summary>The agent that is about to start is this process.</summary>
    StartingAgent,

    RunningAgent,

    /// <summary>No agent runs: those of whoever asks say nothing of the agent's.</summary>
    Somebody,
}

/// <summary>A network interface.</summary>
/// <param name="Mtu">Octets; null where it is not told.</param>
internal sealed record HostLink(string Name, bool IsEthernet, bool IsUp, int? Mtu);

/// <summary>A program of the host.</summary>
/// <param name="Version">What it says when it is asked for its version, in one line; null where it cannot be started.</param>
internal sealed record HostProgram(string Name, string? Version);

/// <summary>An address that a node listens on.</summary>
/// <param name="Key">The setting, such as <c>dns-listen</c>.</param>
/// <param name="Holder">Which process has it, in words; null if none has.</param>
internal sealed record HostPort(string Key, IPEndPoint At, string? Holder);

/// <summary>What a host is like, as far as whoever looked may see. Null is what could not be seen.</summary>
internal sealed record HostFacts
{
    /// <summary>As <c>uname -r</c> writes it.</summary>
    public required string Kernel { get; init; }

    public required RightsOf RightsOf { get; init; }

    /// <summary>The effective capabilities that a node may need, as capabilities(7) names them.</summary>
    public required ImmutableSortedSet<string> Rights { get; init; }

    public required HostProgram Nft { get; init; }

    /// <summary>Why nft and the kernel do not take the rules of the lease; null where they do or were not asked.</summary>
    public string? RulesRefused { get; init; }

    public required HostProgram Haproxy { get; init; }

    public required ImmutableArray<HostLink> Links { get; init; }

    /// <summary>The addresses of all interfaces.</summary>
    public required ImmutableHashSet<IPAddress> Addresses { get; init; }

    /// <summary>Kernel parameters by name, such as <c>net.ipv4.conf.all.rp_filter</c>; those that cannot be read are not there.</summary>
    public required ImmutableSortedDictionary<string, int> Parameters { get; init; }

    /// <summary>Somebody keeps the wall clock right.</summary>
    public bool? IsClockKept { get; init; }

    public string? ClockSource { get; init; }

    /// <summary>Where the agent listens; ports that it takes at will are not there.</summary>
    public ImmutableArray<HostPort> Ports { get; init; } = [];

    /// <summary>VIPs that somebody else answers for too, as the running agent has seen it, with that one's Ethernet address.</summary>
    public ImmutableSortedDictionary<string, string>? Rivals { get; init; }

    /// <summary>What to do about the way in which IPv6 VIPs are numbered; null where it does not matter.</summary>
    public string? Ipv6Advice { get; init; }

    /// <summary>The larger of a parameter for all interfaces and for that one, which is what counts for those of ARP and rp_filter.</summary>
    public int? Larger(string parameter, string link) =>
        Parameters.TryGetValue($"net.ipv4.conf.all.{parameter}", out var all)
        && Parameters.TryGetValue($"net.ipv4.conf.{link}.{parameter}", out var own)
            ? Math.Max(all, own)
            : null;

    /// <summary>Ports below this one are for those who have the right.</summary>
    public int FreePortMin => Parameters.GetValueOrDefault("net.ipv4.ip_unprivileged_port_start", 1024);
}
