using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Doctor.Rules;
using static Fleet.Node.Tests.Doctor.Hosts;

namespace Fleet.Node.Tests.Doctor;

public sealed class NeighbourChecksTests
{
    [Theory]
    [InlineData("arp_ignore", 0, nameof(Health.Warn))]
    [InlineData("arp_ignore", 1, nameof(Health.Ok))]
    [InlineData("arp_announce", 1, nameof(Health.Warn))]
    [InlineData("arp_announce", 2, nameof(Health.Ok))]
    public void Other_interfaces_must_not_speak_for_vips(string parameter, int value, string health)
    {
        var facts = Sound.With($"net.ipv4.conf.all.{parameter}", value);
        var finding = Of(parameter, facts);
        $"{finding.Health}".ShouldBe(health);
        if (finding.Health != Health.Ok)
            finding.Mend.ShouldBe($"sysctl -w net.ipv4.conf.all.{parameter}={(parameter == "arp_ignore" ? 1 : 2)}, and keep it in /etc/sysctl.d");
        Of(parameter, facts.With($"net.ipv4.conf.eth1.{parameter}", 2)).Health.ShouldBe(Health.Ok, "the larger of both counts");
        Of(parameter, facts with { Links = [new HostLink("eth0", true, true, 1500)] }).Health.ShouldBe(Health.Ok, "there is no other");
    }

    [Fact]
    public void Strict_reverse_path_is_no_matter_where_there_is_one_way_out()
    {
        var strict = Sound.With("net.ipv4.conf.eth0.rp_filter", 1);
        Of("rp_filter", strict).Health.ShouldBe(Health.Warn);
        Of("rp_filter", strict with { Links = [new HostLink("eth0", true, true, 1500)] }).Health.ShouldBe(Health.Ok);
        Of("rp_filter", strict.With("net.ipv4.conf.all.rp_filter", 2)).Health.ShouldBe(Health.Ok, "loose everywhere is loose here");
    }

    [Fact]
    public void What_cannot_be_read_is_said_not_guessed()
    {
        var blind = Sound with { Parameters = ImmutableSortedDictionary<string, int>.Empty, IsClockKept = null, Rivals = null };
        foreach (var matter in new[] { "arp_ignore", "arp_announce", "rp_filter", "clock", "address conflicts" })
            Of(matter, blind).Health.ShouldBe(Health.Warn, matter);
    }

    [Fact]
    public void Rival_is_named_with_its_ethernet_address()
    {
        var finding = Of("address conflicts", Sound with { Rivals = Sound.Rivals!.Add("192.0.2.80", "02:00:00:00:00:09") });
        finding.Health.ShouldBe(Health.Bad);
        finding.Found.ShouldContain("192.0.2.80 is also answered by 02:00:00:00:00:09");
    }

    [Fact]
    public void Clocks_sessions_and_slow_ipv6_are_warned_of()
    {
        Of("clock", Sound with { IsClockKept = false }).Health.ShouldBe(Health.Warn);
        Of("clock source", Sound with { ClockSource = "hpet" }).Health.ShouldBe(Health.Warn);
        var grouped = Of("priority", Sound.With("kernel.sched_autogroup_enabled", 1));
        (grouped.Health, grouped.Mend!.Contains("kernel.sched_autogroup_enabled=0", StringComparison.Ordinal)).ShouldBe((Health.Warn, true));
        HostChecks.Look(Settings("high-priority = off"), Sound.With("kernel.sched_autogroup_enabled", 1))
            .ShouldNotContain(finding => finding.Health != Health.Ok);
        Of("IPv6 VIPs", Sound with { Ipv6Advice = "number them otherwise" }).Mend.ShouldBe("number them otherwise");
    }

    [Theory]
    [InlineData("192.0.2.7", null, nameof(Health.Ok))]
    [InlineData("192.0.2.7", "process 7 (fleet-node)", nameof(Health.Ok))]
    [InlineData("192.0.2.7", "process 7 (dnsmasq)", nameof(Health.Bad))]
    [InlineData("192.0.2.7", "a process that this one may not look at", nameof(Health.Warn))]
    [InlineData("192.0.2.8", null, nameof(Health.Bad))]
    [InlineData("0.0.0.0", null, nameof(Health.Ok))]
    public void Port_is_free_or_the_agents_own(string address, string? holder, string health)
    {
        var facts = Sound with { Ports = [new HostPort("dns-listen", new IPEndPoint(IPAddress.Parse(address), 5353), holder)] };
        $"{Of("dns-listen", facts).Health}".ShouldBe(health);
    }

    private static Finding Of(string matter, HostFacts facts) => HostChecks.Look(Real, facts).Single(finding => finding.Matter == matter);
}
