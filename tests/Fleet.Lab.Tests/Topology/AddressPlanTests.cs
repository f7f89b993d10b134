using System.Net;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Tests.Topology;

public sealed class AddressPlanTests
{
    private static readonly LabTopology Large = Examples.Find(Examples.TwoSites, "lab", new ExampleSize(3, 250, 250, 250))! with
    {
        VipsPerSite = 10_000,
        Vips6PerSite = 1000,
    };

    [Fact]
    public void Nobody_has_the_address_of_another()
    {
        var plan = new AddressPlan(Large);
        var all = Large.Hosts.SelectMany(plan.All).Select(each => each.Address)
            .Concat(Large.Sites.SelectMany(site => plan.Vips(site.Name)))
            .Concat(new[] { 100, 1, 2, 101, 102 }.SelectMany(network => AddressPlan.Gateway(network)).Select(each => each.Address))
            .ToArray();
        all.Distinct().Count().ShouldBe(all.Length);
    }

    [Fact]
    public void Vips_lie_on_the_service_network_of_their_site()
    {
        var plan = new AddressPlan(Large);
        foreach (var vip in plan.Vips("dc2").Where(vip => vip.GetAddressBytes().Length == 4))
            vip.GetAddressBytes().ShouldSatisfyAllConditions(octets => octets[0].ShouldBe((byte)10), octets => octets[1].ShouldBe((byte)2));
        foreach (var vip in plan.Vips("dc2").Where(vip => vip.GetAddressBytes().Length == 16))
            vip.GetAddressBytes()[..8].ShouldBe(IPAddress.Parse("fd00:0:0:2::").GetAddressBytes()[..8]);
    }

    [Fact]
    public void Ipv6_vips_share_their_low_24_bits() =>
        new AddressPlan(Large).Vips("dc1").Where(vip => vip.GetAddressBytes().Length == 16)
            .Select(vip => Convert.ToHexString(vip.GetAddressBytes()[13..])).Distinct().ShouldHaveSingleItem();

    [Fact]
    public void Addresses_can_be_read()
    {
        var plan = new AddressPlan(Examples.Find(Examples.TwoSites, "lab", new ExampleSize(Nodes: 12))!);
        var node = new Func<string, LabHost>(name => Examples.Find(Examples.TwoSites, "lab", new ExampleSize(Nodes: 12))!.Find(name)!);
        string.Join(' ', plan.All(node("adc-12"))).ShouldBe("10.2.1.12/16 fd00::2:0:0:1:12/64 10.102.1.12/16 fd00::102:0:0:1:12/64");
        string.Join(' ', plan.All(node("coordinator-1"))).ShouldBe("10.100.4.1/16 fd00::100:0:0:4:1/64");
    }

    [Fact]
    public void Site_without_nodes_has_no_vips()
    {
        var topology = Large with { Hosts = [new LabHost("client-1", HostKind.Client, "dc1")] };
        new AddressPlan(topology).Vips("dc1").ShouldBeEmpty();
    }
}
