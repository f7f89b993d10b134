using System.Collections.Immutable;
using Fleet.Coordinator.Publishing;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Tests.Publishing;

/// <summary>The fleet's names as they are to stand in another zone.</summary>
public sealed class PublishTargetTests
{
    private static readonly PublishTarget Target = new("prod", DnsName.Parse("fleet.internal"), DnsName.Parse("lb.example.net"), 5, TakeOver: false);

    [Fact]
    public void Names_get_the_other_zone_and_its_ttl()
    {
        var wanted = Wanted(new RecordSet(DnsName.Parse("web.fleet.internal"), DnsType.A, 0, [[10, 0, 0, 1]]));
        wanted.Names.ShouldBe([DnsName.Parse("web.lb.example.net")]);
        wanted.At(DnsName.Parse("web.lb.example.net"))[DnsType.A].Ttl.ShouldBe(5u);
    }

    [Fact]
    public void Aliases_within_the_fleets_zone_move_with_it_and_others_do_not()
    {
        var wanted = Wanted(Alias("www", "web.fleet.internal"), Alias("out", "web.example.org"));
        Data(wanted, "www").ShouldBe(DnsName.Parse("web.lb.example.net").Wire.ToArray());
        Data(wanted, "out").ShouldBe(DnsName.Parse("web.example.org").Wire.ToArray());
    }

    [Fact]
    public void Names_of_other_zones_and_the_zones_own_records_stay_at_home() => Wanted(
        new RecordSet(DnsName.Parse("web.other.internal"), DnsType.A, 0, [[10, 0, 0, 1]]),
        new RecordSet(DnsName.Parse("fleet.internal"), DnsType.Ns, 0, [[.. DnsName.Parse("ns.fleet.internal").Wire]]),
        new RecordSet(DnsName.Parse("_fleet-owner.web.fleet.internal"), DnsType.Txt, 0, [[1, 65]])).Names.ShouldBeEmpty();

    [Fact]
    public void Data_is_compared_without_regard_to_order_and_to_case_in_names()
    {
        ImmutableArray<byte> upper = [.. DnsName.Parse("web.fleet.internal").Wire.ToArray().Select(b => b is >= 97 and <= 122 ? (byte)(b - 32) : b)];
        var one = ZoneRecords.FromRecords([new RecordSet(DnsName.Parse("a.test"), DnsType.Mx, 5, [[0, 10, .. upper], [0, 97, .. upper]])]);
        var other = ZoneRecords.FromRecords(
            [
                new RecordSet(
                    DnsName.Parse("a.test"),
                    DnsType.Mx,
                    5,
                    [[0, 97, .. DnsName.Parse("web.fleet.internal").Wire], [0, 10, .. DnsName.Parse("web.fleet.internal").Wire]]),
            ]);
        one.IsSame(other).ShouldBeTrue();
        one.IsSame(ZoneRecords.FromRecords([new RecordSet(DnsName.Parse("a.test"), DnsType.Mx, 5, [[0, 10, .. upper]])])).ShouldBeFalse();
    }

    [Fact]
    public void Marker_says_whose_the_name_is_and_which_types()
    {
        var marker = Marker.Create(Marker.NameFor(DnsName.Parse("web.test"))!, "prod", [DnsType.Aaaa, DnsType.A], 5);
        Marker.NameOf(marker.Name).ShouldBe(DnsName.Parse("web.test"));
        Marker.Read(marker, "prod").ShouldBeOfType<ZoneOwnership.Ours>().Types.ShouldBe([DnsType.A, DnsType.Aaaa]);
        Marker.Read(marker, "other").ShouldBe(new ZoneOwnership.Another("fleet prod"));
        Marker.Read(null, "prod").ShouldBe(new ZoneOwnership.Nobody());
    }

    [Theory]
    [InlineData("")]
    [InlineData("04")]
    [InlineData("FF666C6565743D")]
    [InlineData("0161")]
    public void Marker_that_cannot_be_read_is_not_ours(string hex) =>
        Marker.Read(new RecordSet(DnsName.Parse("_fleet-owner.web.test"), DnsType.Txt, 5, [[.. Convert.FromHexString(hex)]]), "prod")
            .ShouldBeOfType<ZoneOwnership.Another>();

    private static ZoneRecords Wanted(params ImmutableArray<RecordSet> answers) => Target.Wanted(answers);

    private static RecordSet Alias(string label, string to) =>
        new(DnsName.Parse($"{label}.fleet.internal"), DnsType.Cname, 0, [[.. DnsName.Parse(to).Wire]]);

    private static byte[] Data(ZoneRecords records, string label) =>
        [.. records.At(DnsName.Parse($"{label}.lb.example.net"))[DnsType.Cname].Data.Single()];
}
