using System.Net;
using Fleet.Node.Doctor.Rules;
using Fleet.Shared.Config;
using static Fleet.Node.Tests.Doctor.Hosts;

namespace Fleet.Node.Tests.Doctor;

/// <summary>Each rule both ways: the host that has it, and the host that lacks it.</summary>
public sealed class HostChecksTests
{
    [Fact]
    public void Sound_host_can_be_any_node()
    {
        HostChecks.Look(Real, Sound).ShouldAllBe(finding => finding.Health == Health.Ok);
        HostChecks.Refusals(Real, Sound).ShouldBeEmpty();
    }

    [Fact]
    public void Relay_asks_nothing_of_a_host()
    {
        var settings = Settings();
        HostChecks.Refusals(settings, Poor).ShouldBeEmpty();
        HostChecks.Look(settings, Poor).ShouldNotContain(finding => finding.Health == Health.Bad);
    }

    /// <summary>Whoever is told of one thing, mends it, and is then told of the next, has to start an agent five times.</summary>
    [Fact]
    public void All_that_a_host_lacks_is_said_at_once_each_with_its_place_and_how_to_mend_it()
    {
        var refusals = HostChecks.Refusals(Settings("data-plane = haproxy", "vips = linux", "linux.interface = eth9"), Poor);
        refusals.Length.ShouldBe(5);
        refusals.ShouldAllBe(line => line.Contains("; to mend it: ", StringComparison.Ordinal));
        string[] lacking =
        [
            "node.conf:3: fleet.node.vips: Linux 6.1.0-18-amd64 does not renew",
            "node.conf:3: fleet.node.vips: this process lacks CAP_NET_ADMIN and CAP_NET_RAW",
            "node.conf:3: fleet.node.vips: nft cannot be started",
            "node.conf:4: fleet.node.linux.interface: there is no interface eth9",
            "fleet.node.haproxy.program: haproxy cannot be started",
        ];
        foreach (var lack in lacking)
            refusals.ShouldContain(line => line.Contains(lack, StringComparison.Ordinal), lack);
    }

    [Theory]
    [InlineData("6.12.0", true)]
    [InlineData("7.0-rc1", true)]
    [InlineData("6.11.9", false)]
    [InlineData("5.15.0-1-generic", false)]
    [InlineData("", false)]
    public void Kernel_that_renews_leases_is_new_enough(string release, bool isSound) =>
        Of("kernel", Sound with { Kernel = release }).Health.ShouldBe(isSound ? Health.Ok : Health.Bad);

    [Theory]
    [InlineData("HAProxy version 2.6.0 2022/05/31", true)]
    [InlineData("HAProxy version 3.2.1-1 2025/06/10", true)]
    [InlineData("HA-Proxy version 2.2.9-2+deb11u6 2023/08/10", false)]
    [InlineData("who?", false)]
    public void Haproxy_that_has_what_the_configuration_needs_is_new_enough(string said, bool isSound) =>
        Of("haproxy", Sound with { Haproxy = new HostProgram("haproxy", said) }).Health.ShouldBe(isSound ? Health.Ok : Health.Bad);

    [Fact]
    public void Rules_that_the_kernel_refuses_are_said_in_its_words()
    {
        var finding = Of("nft", Sound with { RulesRefused = "Error: Could not process rule: Operation not supported" });
        (finding.Health, finding.Key).ShouldBe((Health.Bad, "vips"));
        finding.Found.ShouldContain("Operation not supported");
    }

    /// <summary>Nobody needs to be root to look, and nobody is told that an agent cannot start which runs as somebody else.</summary>
    [Fact]
    public void What_whoever_looks_may_not_do_says_nothing_of_an_agent()
    {
        var nobody = Sound with { Rights = [], RightsOf = RightsOf.Somebody };
        var finding = Of("rights", nobody);
        finding.Health.ShouldBe(Health.Warn);
        finding.Found.ShouldContain("cannot be seen from here");
        HostChecks.Refusals(Real, nobody).ShouldBeEmpty();
        Of("rights", nobody with { RightsOf = RightsOf.RunningAgent }).Health.ShouldBe(Health.Bad);
    }

    [Theory]
    [InlineData(53, false)]
    [InlineData(1024, true)]
    public void Low_port_takes_a_right_of_its_own(int port, bool isSound)
    {
        var at = new HostPort("dns-listen", new IPEndPoint(IPAddress.Any, port), null);
        var facts = Sound with { Rights = ["CAP_NET_ADMIN", "CAP_NET_RAW"], Ports = [at] };
        HostChecks.Refusals(Settings($"dns-listen = \"0.0.0.0:{port}\""), facts).Length.ShouldBe(isSound ? 0 : 1);
        HostChecks.Refusals(Real, facts with { Rights = Sound.Rights }).ShouldBeEmpty();
        HostChecks.Refusals(Real, facts.With("net.ipv4.ip_unprivileged_port_start", 0)).ShouldBeEmpty();
    }

    [Fact]
    public void Interface_is_there_is_ethernet_and_up_and_takes_whole_packets()
    {
        Of("interface", Link(isEthernet: false)).Health.ShouldBe(Health.Bad);
        Of("interface", Link(isUp: false)).Health.ShouldBe(Health.Warn);
        Of("interface", Link(mtu: 1400)).Found.ShouldContain("1400");
        Of("interface", Link(mtu: 1200)).Found.ShouldContain("IPv6 needs 1280");
        Of("interface", Link(mtu: 9000)).Health.ShouldBe(Health.Ok);
        Of("interface", Sound with { Links = [] }).Key.ShouldBe("linux.interface");
    }

    private static HostFacts Link(bool isEthernet = true, bool isUp = true, int mtu = 1500) =>
        Sound with { Links = [new HostLink("eth0", isEthernet, isUp, mtu)] };

    private static readonly HostFacts Poor = Sound with
    {
        Kernel = "6.1.0-18-amd64",
        Rights = [],
        Nft = new HostProgram("nft", null),
        Haproxy = new HostProgram("haproxy", null),
    };

    private static Finding Of(string matter, HostFacts facts) => HostChecks.Look(Real, facts).Single(finding => finding.Matter == matter);
}
