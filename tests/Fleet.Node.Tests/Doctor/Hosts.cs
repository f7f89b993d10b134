using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Doctor.Rules;
using Fleet.Shared.Config;
using Fleet.Shared.Hocon;

namespace Fleet.Node.Tests.Doctor;

/// <summary>A host that can be any node, and what a node asks of it.</summary>
internal static class Hosts
{
    public static readonly HostFacts Sound = new()
    {
        Kernel = "6.12.43+deb13-amd64",
        RightsOf = RightsOf.StartingAgent,
        Rights = ["CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW"],
        Nft = new HostProgram("nft", "nftables v1.0.6 (Lester Gooch #5)"),
        Haproxy = new HostProgram("haproxy", "HAProxy version 2.6.12-1+deb12u2 2024/06/14 - https://haproxy.org/"),
        Links = [new HostLink("lo", false, true, 65536), new HostLink("eth0", true, true, 1500), new HostLink("eth1", true, true, 1500)],
        Addresses = [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("192.0.2.7")],
        Parameters = new Dictionary<string, int>
        {
            ["net.ipv4.conf.all.rp_filter"] = 0,
            ["net.ipv4.conf.eth0.rp_filter"] = 2,
            ["net.ipv4.conf.eth1.rp_filter"] = 2,
            ["net.ipv4.conf.all.arp_ignore"] = 1,
            ["net.ipv4.conf.eth0.arp_ignore"] = 0,
            ["net.ipv4.conf.eth1.arp_ignore"] = 0,
            ["net.ipv4.conf.all.arp_announce"] = 2,
            ["net.ipv4.conf.eth0.arp_announce"] = 0,
            ["net.ipv4.conf.eth1.arp_announce"] = 0,
            ["net.ipv4.ip_unprivileged_port_start"] = 1024,
            ["kernel.sched_autogroup_enabled"] = 0,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        IsClockKept = true,
        ClockSource = "tsc",
        Rivals = ImmutableSortedDictionary<string, string>.Empty,
    };

    /// <summary>HAProxy behind VIPs of eth0, as in <c>node.conf</c>: a key a line, from line 2 on.</summary>
    public static readonly NodeSettings Real = Settings("data-plane = haproxy", "vips = linux", "linux.interface = eth0");

    public static NodeSettings Settings(params string[] lines) =>
        FleetConfig.Load("node.conf", new OneFile($"fleet.node {{\n{string.Join('\n', lines)}\n}}"), _ => null).Value.ShouldNotBeNull().Node;

    public static HostFacts With(this HostFacts facts, string parameter, int value) =>
        facts with { Parameters = facts.Parameters.SetItem(parameter, value) };

    private sealed class OneFile(string text) : IHoconSources
    {
        public HoconText Read(string path) => new HoconText.Found(text);
    }
}
