using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fleet.Node.Control;
using Fleet.Node.Doctor.Rules;
using Fleet.Node.Vips.Linux.Interfaces;
using Fleet.Node.Vips.Linux.Leases;
using Fleet.Shared.Config;
using Fleet.Shared.Model;

namespace Fleet.Node.Doctor;

/// <summary>Reads what <see cref="HostFacts"/> names, and changes nothing. What it may not see it leaves out.</summary>
internal static class HostProbe
{
    /// <summary>More IPv6 addresses than so many of a pool are not looked at: the advice would be the same.</summary>
    private const int VipsMax = 2000;

    /// <summary>The bits of the capabilities in <c>/proc/PID/status</c> (linux/capability.h).</summary>
    private static readonly (string Name, int Bit)[] Capabilities = [("CAP_NET_BIND_SERVICE", 10), ("CAP_NET_ADMIN", 12), ("CAP_NET_RAW", 13)];

    private static readonly string[] OfEachLink = ["rp_filter", "arp_ignore", "arp_announce"];

    /// <summary>What keeps this process from being that node.</summary>
    public static HostFacts BeforeStart(NodeSettings settings) => Look(settings, RightsOf.StartingAgent, "self") with
    {
        Ports = [.. Listening(settings).Select(port => new HostPort(port.Key, port.At, null))], // Whoever has one is waited for.
    };

    /// <summary>All that can be seen.</summary>
    public static async Task<HostFacts> LookAsync(FleetConfig config, CancellationToken cancellation)
    {
        var agent = await AgentStatus.FindAsync(config.Node.ApiListen, cancellation);
        var facts = agent is { } found
            ? Look(config.Node, RightsOf.RunningAgent, found.Pid.ToString(CultureInfo.InvariantCulture))
            : Look(config.Node, RightsOf.Somebody, "self");
        var links = Links();
        return facts with
        {
            Links = links,
            Addresses =
            [
                .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(link => link.GetIPProperties().UnicastAddresses)
                    .Select(address => new IPAddress(address.Address.GetAddressBytes())), // without a scope
            ],
            Parameters = Parameters(links.Select(link => link.Name)),
            Ports =
            [
                .. Listening(config.Node).Select(port => new HostPort(
                    port.Key, port.At, HolderOf.Port(port.Protocol, port.At) is var holder && holder != HolderOf.Nobody ? holder : null)),
            ],
            Rivals = agent?.Rivals,
            IsClockKept = WallClock.IsKept(),
            ClockSource = Read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
            Ipv6Advice = config.Node.Linux.Interface is { } link ? SolicitedNodeGroups.Advice(Ipv6Vips(config), link) : null,
        };
    }

    /// <summary>What a start may be refused for; the rest takes long on a host with many links.</summary>
    private static HostFacts Look(NodeSettings settings, RightsOf whose, string process)
    {
        var links = settings.Vips is VipsKind.Linux ? Links() : [];
        var rights = RightsIn(Read($"/proc/{process}/status") ?? "");
        var nft = settings.Vips is VipsKind.Linux ? HostPrograms.Version("nft", "--version") : null;
        return new HostFacts
        {
            Kernel = Read("/proc/sys/kernel/osrelease") ?? "",
            RightsOf = whose,
            Rights = rights,
            Nft = new HostProgram("nft", nft),
            RulesRefused = nft is not null ? TryRules(settings.Linux, links) : null,
            Haproxy = new HostProgram(
                settings.Haproxy.Program,
                settings.DataPlane is DataPlaneKind.Haproxy ? HostPrograms.Version(settings.Haproxy.Program, "-v") : null),
            Links = links,
            Addresses = [],
            Parameters = Parameters([]),
        };
    }

    /// <summary>The effective capabilities in the status of a process (proc(5)).</summary>
    internal static ImmutableSortedSet<string> RightsIn(string status)
    {
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
            ? [.. Capabilities.Where(capability => (bits & (1ul << capability.Bit)) != 0).Select(capability => capability.Name)]
            : [];
    }

    /// <summary>Has nft and the kernel check the rules of the lease, which they do in full without making them true.</summary>
    private static string? TryRules(LinuxSettings settings, ImmutableArray<HostLink> links)
    {
        var canAsk = RightsIn(Read("/proc/self/status") ?? "").Contains("CAP_NET_ADMIN");
        if (!canAsk || settings.Interface is not { } link || links.All(l => l.Name != link))
            return null;
        return HostPrograms.Ask("nft", LeaseRules.Text(settings.Table, link, 1), "-c", "-f", "-") switch
        {
            (_, 0) => null,
            (var said, _) => said.Split('\n')[0].Trim(),
            null => "it does not end",
        };
    }

    /// <summary>By rtnetlink, as whoever holds VIPs sees them: what is below /sys may be of another network namespace.</summary>
    private static ImmutableArray<HostLink> Links()
    {
        using var network = new HostNetwork();
        return [.. network.Links().Select(link => new HostLink(link.Name, link.IsEthernet, link.IsUp, link.Mtu))];
    }

    private static ImmutableSortedDictionary<string, int> Parameters(IEnumerable<string> links)
    {
        var names = links.Append("all").SelectMany(link => OfEachLink.Select(parameter => (
            Name: $"net.ipv4.conf.{link}.{parameter}", Path: $"/proc/sys/net/ipv4/conf/{link}/{parameter}")));
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var (name, path) in names
            .Append(("net.ipv4.ip_unprivileged_port_start", "/proc/sys/net/ipv4/ip_unprivileged_port_start"))
            .Append(("kernel.sched_autogroup_enabled", "/proc/sys/kernel/sched_autogroup_enabled")))
        {
            if (int.TryParse(Read(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                parameters[name] = value;
        }

        return parameters.ToImmutable();
    }

    private static IEnumerable<(string Key, ProtocolType Protocol, IPEndPoint At)> Listening(NodeSettings settings) =>
        new[]
        {
            ("api-listen", ProtocolType.Tcp, settings.ApiListen), ("dns-listen", ProtocolType.Udp, settings.DnsListen),
            ("witness-listen", ProtocolType.Udp, settings.WitnessListen),
        }.Where(port => port.Item3.Port > 0);

    private static VipAddress[] Ipv6Vips(FleetConfig config) =>
    [
        .. config.Services.SelectMany(service => service.Vips)
            .Concat(config.Cluster.VipPool.Where(range => range.First.IsV6).SelectMany(range => range.Addresses.Take(VipsMax)))
            .Where(vip => vip.IsV6)
            .Take(VipsMax),
    ];

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
