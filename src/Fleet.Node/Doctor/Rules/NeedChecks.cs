using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Shared.Config;

namespace Fleet.Node.Doctor.Rules;

/// <summary>What a node cannot start without, by what its configuration asks for.</summary>
internal static partial class NeedChecks
{
    /// <summary>The first Linux that lengthens the life of elements of nftables sets: docs/decisions/0021.</summary>
    private static readonly Version KernelMin = new(6, 12);

    /// <summary>docs/decisions/0022.</summary>
    private static readonly Version HaproxyMin = new(2, 6);

    private static readonly string[] Needed = ["CAP_NET_ADMIN", "CAP_NET_RAW"];

    private const string Bind = "CAP_NET_BIND_SERVICE";

    public static IEnumerable<Finding> Look(NodeSettings settings, HostFacts facts)
    {
        var isLinux = settings.Vips == VipsKind.Linux;
        var isHaproxy = settings.DataPlane == DataPlaneKind.Haproxy;
        yield return Kernel(facts, isLinux);
        if (isLinux)
        {
            yield return Rights(facts);
            yield return Nft(facts);
            yield return Interface(settings, facts);
        }

        if (isHaproxy)
            yield return Haproxy(facts);
        foreach (var port in facts.Ports.Where(port => port.At.Port < facts.FreePortMin && !facts.Rights.Contains(Bind)))
            yield return Lack(
                facts,
                "low ports",
                $"{port.At} is below port {facts.FreePortMin}, and {Whose(facts)} lacks {Bind}",
                $"give the agent's unit AmbientCapabilities={Bind}, or choose another port",
                port.Key);
    }

    private static Finding Kernel(HostFacts facts, bool isLinux)
    {
        if (!isLinux)
            return Finding.Ok("kernel", $"Linux {facts.Kernel}; vips = relay asks nothing of it");
        return VersionIn(facts.Kernel) is { } version && version >= KernelMin
            ? Finding.Ok("kernel", $"Linux {facts.Kernel}")
            : Finding.Bad(
                "kernel",
                $"Linux {facts.Kernel} does not renew elements of nftables sets, so it cannot enforce a lease",
                $"install Linux {KernelMin} or newer, or use vips = relay",
                "vips");
    }

    private static Finding Rights(HostFacts facts)
    {
        string[] lacking = [.. Needed.Where(right => !facts.Rights.Contains(right))];
        return lacking.Length == 0
            ? Finding.Ok("rights", $"{Whose(facts)} may change addresses and rules, and announce VIPs")
            : Lack(
                facts,
                "rights",
                $"{Whose(facts)} lacks {string.Join(" and ", lacking)}, without which it cannot hold VIPs of an interface",
                $"give the agent's unit AmbientCapabilities={string.Join(' ', lacking)}, or start it as root",
                "vips");
    }

    private static Finding Nft(HostFacts facts) => facts switch
    {
        { Nft.Version: null } => Finding.Bad("nft", "nft cannot be started here", "install the package nftables", "vips"),
        { RulesRefused: { } why } => Finding.Bad(
            "nft",
            $"nft and this kernel refuse the rules of the lease: {why}",
            "nft 1.0.6 or newer is needed, and a kernel with CONFIG_NF_TABLES_NETDEV and CONFIG_NETFILTER_EGRESS",
            "vips"),
        _ => Finding.Ok("nft", facts.Nft.Version),
    };

    private static Finding Interface(NodeSettings settings, HostFacts facts)
    {
        var name = settings.Linux.Interface!;
        return facts.Links.FirstOrDefault(link => link.Name == name) switch
        {
            null => Finding.Bad(
                "interface",
                $"there is no interface {name}",
                $"use one of {string.Join(", ", facts.Links.Select(link => link.Name).Order(StringComparer.Ordinal))}",
                "linux.interface"),
            { IsEthernet: false } => Finding.Bad(
                "interface",
                $"{name} is not Ethernet: VIPs cannot be announced on it",
                "use the interface that clients are reached by",
                "linux.interface"),
            { IsUp: false } => Finding.Warn("interface", $"{name} is down, or has no carrier", $"ip link set {name} up; look at its cable"),
            { Mtu: < 1280 and var mtu } => Finding.Warn(
                "interface", $"{name} has an MTU of {mtu}: IPv6 needs 1280 (RFC 8200)", $"ip link set {name} mtu 1500"),
            { Mtu: < 1500 and var mtu } => Finding.Warn(
                "interface",
                $"{name} has an MTU of {mtu}, which may differ from that of its neighbours",
                $"ip link set {name} mtu 1500, unless the whole segment has {mtu}"),
            var link => Finding.Ok("interface", $"{name} is up{(link.Mtu is { } mtu ? $", MTU {mtu}" : "")}"),
        };
    }

    private static Finding Haproxy(HostFacts facts)
    {
        var program = facts.Haproxy;
        if (program.Version is not { } said)
            return Finding.Bad(
                "haproxy",
                $"{program.Name} cannot be started here",
                "install the package haproxy, or say where it is in haproxy.program",
                "haproxy.program");
        return VersionIn(said) is { } version && version >= HaproxyMin
            ? Finding.Ok("haproxy", said)
            : Finding.Bad("haproxy", $"{program.Name} says \"{said}\"", $"HAProxy {HaproxyMin} or newer is needed", "haproxy.program");
    }

    /// <summary>Only of an agent it is known what it may do.</summary>
    private static Finding Lack(HostFacts facts, string matter, string found, string mend, string key) => facts.RightsOf == RightsOf.Somebody
        ? Finding.Warn(matter, $"{found}; what an agent that is started some other way may do cannot be seen from here", mend)
        : Finding.Bad(matter, found, mend, key);

    private static string Whose(HostFacts facts) => facts.RightsOf switch
    {
        RightsOf.StartingAgent => "this process",
        RightsOf.RunningAgent => "the agent",
        _ => "whoever runs this",
    };

    /// <summary>The first two numbers that stand side by side.</summary>
    private static Version? VersionIn(string text) => Numbers().Match(text) is { Success: true } match
        ? new Version(
            int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex(@"(?<major>\d{1,5})\.(?<minor>\d{1,5})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
