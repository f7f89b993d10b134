using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>What is answered, name by name and type by type.</summary>
public class AnswerTests
{
    private const string Soa = "fleet.test 5 IN SOA adc-1.fleet.test hostmaster.fleet.test 42 60 10 86400 5";

    private static readonly ZoneSnapshot Zone = Usual();

    [Fact]
    public void A_service_answers_with_its_addresses_of_the_family_asked_for()
    {
        Lines(Ask(Zone, "dual.fleet.test", DnsType.A).Answers).ShouldBe(["dual.fleet.test 0 IN A 203.0.113.6"]);
        Lines(Ask(Zone, "dual.fleet.test", DnsType.Aaaa).Answers).ShouldBe(["dual.fleet.test 0 IN AAAA 2001:db8::6"]);
    }

    [Fact]
    public void An_answer_is_authoritative_and_offers_no_recursion()
    {
        var reply = Ask(Zone, "s3.fleet.test", DnsType.A);
        reply.Header.ShouldBe(new DnsHeader(0x1234, 0x8400, 1, 1, 0, 0));
        reply.Edns.ShouldBeNull();
    }

    [Fact]
    public void A_type_the_name_does_not_have_is_no_data_with_soa()
    {
        foreach (var type in (DnsType[])[DnsType.Aaaa, DnsType.Txt, DnsType.Soa, DnsType.Ns, (DnsType)65, (DnsType)12345])
        {
            var reply = Ask(Zone, "s3.fleet.test", type);
            reply.Rcode.ShouldBe(DnsRcode.NoError);
            reply.Answers.ShouldBeEmpty();
            Lines(reply.Authority).ShouldBe([Soa]);
            reply.Header.IsAuthoritative.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_service_without_candidates_is_no_data()
    {
        var reply = Ask(Zone, "down.fleet.test", DnsType.A);
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Answers.ShouldBeEmpty();
        Lines(reply.Authority).ShouldBe([Soa]);
    }

    [Theory]
    [InlineData("absent.fleet.test")]
    [InlineData("below.s3.fleet.test")]
    [InlineData("x.er.fleet.test")]
    public void A_name_that_does_not_exist_is_name_error_with_soa(string name)
    {
        var reply = Ask(Zone, name, DnsType.A);
        reply.Rcode.ShouldBe(DnsRcode.NxDomain);
        reply.Header.IsAuthoritative.ShouldBeTrue();
        Lines(reply.Authority).ShouldBe([Soa]);
    }

    [Fact]
    public void A_name_that_only_has_names_below_it_exists()
    {
        Ask(Zone, "deep.er.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
        var reply = Ask(Zone, "er.fleet.test", DnsType.A);
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        Lines(reply.Authority).ShouldBe([Soa]);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("test")]
    [InlineData(".")]
    [InlineData("notfleet.test")]
    [InlineData("fleet.test.example.com")]
    public void Names_outside_the_zone_are_refused(string name)
    {
        var reply = Ask(Zone, name, DnsType.A);
        reply.Rcode.ShouldBe(DnsRcode.Refused);
        reply.Header.IsAuthoritative.ShouldBeFalse();
        reply.Authority.ShouldBeEmpty();
    }

    [Fact]
    public void The_apex_has_soa_and_name_servers_with_addresses()
    {
        Lines(Ask(Zone, "fleet.test", DnsType.Soa).Answers).ShouldBe([Soa]);
        var servers = Ask(Zone, "fleet.test", DnsType.Ns);
        Lines(servers.Answers).ShouldBe(["fleet.test 60 IN NS adc-1.fleet.test", "fleet.test 60 IN NS adc-2.fleet.test"]);
        Lines(servers.Additional).ShouldBe(["adc-1.fleet.test 60 IN A 192.0.2.1", "adc-2.fleet.test 60 IN AAAA 2001:db8::2"]);
        servers.Authority.ShouldBeEmpty();
        Lines(Ask(Zone, "adc-1.fleet.test", DnsType.A).Answers).ShouldBe(["adc-1.fleet.test 60 IN A 192.0.2.1"]);
        Ask(Zone, "fleet.test", DnsType.A).Authority.Length.ShouldBe(1);
    }

    [Fact]
    public void Server_addresses_that_do_not_fit_are_left_out_without_truncation()
    {
        NameServer[] servers = [.. Enumerable.Range(0, 40).Select(i =>
            new NameServer(Name($"node-{i}.fleet.test"), System.Net.IPAddress.Parse("2001:db8::1")))];
        var zone = new ZoneSnapshot(Content() with { NameServers = [.. servers] }, Born);
        var reply = Ask(zone, "fleet.test", DnsType.Ns);
        reply.Header.IsTruncated.ShouldBeFalse();
        reply.Answers.Length.ShouldBe(ZoneContent.NameServersMax);
        reply.Additional.Length.ShouldBe(5);
        Ask(zone, "fleet.test", DnsType.Ns, overTcp: true).Additional.Length.ShouldBe(ZoneContent.NameServersMax);
        Ask(zone, "node-39.fleet.test", DnsType.Aaaa).Answers.Length.ShouldBe(1);
    }

    [Fact]
    public void Any_gets_one_small_record_for_names_that_exist()
    {
        Lines(Ask(Zone, "many.fleet.test", DnsType.Any).Answers).ShouldBe(["many.fleet.test 3600 IN HINFO \"RFC8482 \""]);
        Ask(Zone, "absent.fleet.test", DnsType.Any).Rcode.ShouldBe(DnsRcode.NxDomain);
    }

    [Fact]
    public void The_maps_name_tells_version_and_age()
    {
        Lines(Ask(Zone, "map.fleet.test", DnsType.Txt).Answers).ShouldBe(["map.fleet.test 0 IN TXT \"term=3 revision=42 age-ms=1234\""]);
        Ask(Zone, "map.fleet.test", DnsType.A).Authority.Length.ShouldBe(1);
    }

    [Fact]
    public void A_service_at_the_apex_stands_beside_soa_and_ns()
    {
        var zone = Snapshot(Balanced("fleet.test", "203.0.113.9"));
        Lines(Ask(zone, "fleet.test", DnsType.A).Answers).ShouldBe(["fleet.test 0 IN A 203.0.113.9"]);
        Ask(zone, "fleet.test", DnsType.Ns).Answers.Length.ShouldBe(2);
    }

    [Fact]
    public void A_node_without_a_map_is_not_ready_to_answer() => Ask(null, "s3.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.ServFail);

    [Fact]
    public void A_zone_without_nodes_still_has_an_soa()
    {
        var zone = new ZoneSnapshot(Content() with { NameServers = [] }, Born);
        Ask(zone, "fleet.test", DnsType.Soa).Answers.Single().Soa!.PrimaryServer.ShouldBe(Name("fleet.test"));
        Ask(zone, "fleet.test", DnsType.Ns).Answers.ShouldBeEmpty();
    }

    [Fact]
    public void The_serial_is_the_revision_modulo_2_to_the_32()
    {
        var zone = new ZoneSnapshot(Content() with { Version = new Shared.Model.MapVersion(1, 0x1_0000_0007) }, Born);
        Ask(zone, "fleet.test", DnsType.Soa).Answers.Single().Soa!.Serial.ShouldBe(7u);
    }
}
