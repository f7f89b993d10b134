using Fleet.Shared.Config;

namespace Fleet.Node.Doctor.Rules;

/// <summary>
/// How a host with VIPs on an interface behaves towards its neighbours. The rules of the lease stand on that interface alone; what the kernel says of
/// VIPs on another one no lease ends.
/// </summary>
internal static class NeighbourChecks
{
    public static IEnumerable<Finding> Look(NodeSettings settings, HostFacts facts)
    {
        var link = settings.Linux.Interface!;
        string[] others = [.. facts.Links.Where(l => l is { IsEthernet: true, IsUp: true } && l.Name != link).Select(l => l.Name)];
        yield return Below(
            facts,
            "arp_ignore",
            1,
            others,
            names => $"{names} would answer ARP for VIPs of {link}, also when their lease is over",
            "sysctl -w net.ipv4.conf.all.arp_ignore=1, and keep it in /etc/sysctl.d");
        yield return Below(
            facts,
            "arp_announce",
            2,
            others,
            names => $"ARP requests on {names} may name a VIP of {link} as their sender, which moves it there for its neighbours",
            "sysctl -w net.ipv4.conf.all.arp_announce=2, and keep it in /etc/sysctl.d");
        yield return ReversePath(facts, link, others.Length > 0);
        yield return Rivals(facts);
        if (facts.Ipv6Advice is { } advice)
            yield return Finding.Warn("IPv6 VIPs", "they are slow to take over", advice);
    }

    private static Finding Below(HostFacts facts, string parameter, int least, string[] links, Func<string, string> effect, string mend)
    {
        if (links.Length == 0)
            return Finding.Ok(parameter, "no other interface could speak for VIPs");
        if (links.Any(link => facts.Larger(parameter, link) is null))
            return Finding.Warn(parameter, "it cannot be read here", $"sysctl -a | grep {parameter} as root: it should be {least} or more");
        string[] low = [.. links.Where(link => facts.Larger(parameter, link) < least)];
        return low.Length == 0
            ? Finding.Ok(parameter, $"{least} or more on {string.Join(", ", links)}")
            : Finding.Warn(parameter, $"below {least}: {effect(string.Join(", ", low))}", mend);
    }

    private static Finding ReversePath(HostFacts facts, string link, bool hasOthers) => facts.Larger("rp_filter", link) switch
    {
        null => Finding.Warn("rp_filter", "it cannot be read here", "sysctl -a | grep rp_filter as root: it should be 0 or 2"),
        1 when hasOthers => Finding.Warn(
            "rp_filter",
            $"strict on {link}: what comes from clients that this host would answer through another interface is dropped",
            $"sysctl -w net.ipv4.conf.{link}.rp_filter=2, and keep it in /etc/sysctl.d"),
        1 => Finding.Ok("rp_filter", $"strict on {link}, which is the only way out"),
        var value => Finding.Ok("rp_filter", $"{value} on {link}"),
    };

    private static Finding Rivals(HostFacts facts) => facts.Rivals switch
    {
        null => Finding.Warn(
            "address conflicts", "no agent answers here, and only an agent sees them", "start the agent, and ask again with its configuration"),
        { IsEmpty: true } => Finding.Ok("address conflicts", "nobody else answers for a VIP that is held here"),
        var rivals => Finding.Bad(
            "address conflicts",
            string.Join(", ", rivals.Select(rival => $"{rival.Key} is also answered by {rival.Value}")),
            "take the address away from the machine with that Ethernet address, or the VIP out of its service"),
    };
}
