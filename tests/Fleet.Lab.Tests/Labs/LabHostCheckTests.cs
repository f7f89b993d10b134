using Fleet.Lab.Labs;

namespace Fleet.Lab.Tests.Labs;

public sealed class LabHostCheckTests
{
    [Fact]
    public void Nothing_is_missing_where_all_is_there() => LabHostCheck.Lacks(linux: true, root: true, tun: true, _ => true).ShouldBeNull();

    [Fact]
    public void Who_is_not_root_is_told() => LabHostCheck.Lacks(linux: true, root: false, tun: true, _ => true)
        .ShouldBe("A lab is made of network namespaces, which only root may make: run it as root.");

    [Fact]
    public void Programs_that_are_missing_are_named_with_their_package() =>
        LabHostCheck.Lacks(linux: true, root: true, tun: true, program => program is not ("ip" or "tc"))
            .ShouldBe("A lab needs ip, tc, and it is not here: install iproute2.");

    [Fact]
    public void Device_that_is_missing_is_named() =>
        LabHostCheck.Lacks(linux: true, root: true, tun: false, _ => true).ShouldBe("A lab needs /dev/net/tun, and it is not here: modprobe tun.");

    [Fact]
    public void Agents_need_nft_and_a_kernel_that_lengthens_leases()
    {
        LabHostCheck.LacksForAgents(new Version(6, 12, 3), hasNft: true).ShouldBeNull();
        LabHostCheck.LacksForAgents(new Version(6, 12, 3), hasNft: false).ShouldNotBeNull().ShouldContain("install nftables, or build");
        LabHostCheck.LacksForAgents(new Version(6, 1, 90), hasNft: true).ShouldNotBeNull().ShouldContain("Linux 6.12 can do, and this is 6.1:");
    }

    [Fact]
    public void Other_systems_are_told() => LabHostCheck.Lacks(linux: false, root: true, tun: true, _ => true)
        .ShouldNotBeNull().ShouldContain("not Linux");
}
