using System.Net;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>The rules of the wire, octet by octet: what comes in on the left, what goes out on the right.</summary>
public class WireRuleTests
{
    private const string Name = "02533305666C656554047465737400"; // S3.fleeT.test
    private const string OptMin = "00" + "0029" + "04D0" + "00000000" + "0000";
    private const string Soa = "0006" + "0001" + "00000005" + "003D" + "056164632D3105666C656574047465737400"
        + "0A686F73746D617374657205666C656574047465737400" + "0000002A" + "0000003C" + "0000000A" + "00015180" + "00000005";

    private static readonly ZoneSnapshot Zone = Usual();

    [Fact]
    public void The_answer_keeps_the_askers_case_and_points_at_the_question() => Out(
        "ABCD01000001000000000000" + Name + "00010001").ShouldBe(
        "ABCD85000001000100000000" + Name + "00010001" + "C00C" + "0001" + "0001" + "00000000" + "0004" + "CB007105");

    [Fact]
    public void A_negative_answers_soa_points_at_the_zone_in_the_question() => Out(
        "ABCD00000001000000000000" + Name + "001C0001").ShouldBe(
        "ABCD84000001000000010000" + Name + "001C0001" + "C00F" + Soa);

    [Fact]
    public void Opt_is_answered_with_opt() => Out(
        "ABCD00000001000000000001" + Name + "00010001" + "00" + "0029" + "1000" + "00008000" + "0000").ShouldBe(
        "ABCD84000001000100000001" + Name + "00010001" + "C00C" + "0001" + "0001" + "00000000" + "0004" + "CB007105"
        + "00" + "0029" + "04D0" + "00008000" + "0000");

    [Fact]
    public void A_client_subnet_comes_back_with_scope_0() => Out(
        "ABCD00000001000000000001" + Name + "00010001" + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011818C00002").ShouldBe(
        "ABCD84000001000100000001" + Name + "00010001" + "C00C" + "0001" + "0001" + "00000000" + "0004" + "CB007105"
        + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011800C00002");

    [Fact]
    public void A_malformed_client_subnet_is_format_error_with_opt_but_without_subnet() => Out(
        "ABCD00000001000000000001" + Name + "00010001" + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011700C00003").ShouldBe(
        "ABCD80010001000000000001" + Name + "00010001" + OptMin);

    [Fact]
    public void Unknown_options_and_flags_are_ignored() => Out(
        "ABCD00700001000000000001" + Name + "00010001" + "00" + "0029" + "04D0" + "00007FFF" + "0006" + "FDE90002BEEF").ShouldBe(
        "ABCD84000001000100000001" + Name + "00010001" + "C00C" + "0001" + "0001" + "00000000" + "0004" + "CB007105" + OptMin);

    [Fact]
    public void Another_edns_version_is_badvers() => Out(
        "ABCD00000001000000000001" + Name + "00010001" + "00" + "0029" + "04D0" + "00010000" + "0001" + "FF").ShouldBe(
        "ABCD80000001000000000001" + Name + "00010001" + "00" + "0029" + "04D0" + "01000000" + "0000");

    [Theory]
    [InlineData("ABCD8000" + "0001000000000000" + Name + "00010001")] // a response
    [InlineData("ABCDA800" + "0001000000000000" + Name + "00010001")] // a response to an update
    [InlineData("ABCD80010000000000000000")]
    [InlineData("ABCD0000000100000000")] // half a header
    [InlineData("")]
    public void Responses_and_half_headers_get_no_reply(string query) => Out(query).ShouldBe("");

    [Theory]
    [InlineData("000100000000" + "0001", "")] // an additional record promised, not there
    [InlineData("000100000000" + "0000", "00")] // octets left over
    [InlineData("000100010000" + "0000", "00" + "0029" + "04D0" + "00000000" + "0000")] // OPT among the answers
    [InlineData("000100000000" + "0001", "00" + "0029" + "04D0" + "00000000" + "0001")] // its data cut off
    [InlineData("0001FFFFFFFF" + "FFFF", "")]
    public void With_a_readable_question_the_format_error_gives_it_back(string counts, string rest) =>
        Out("ABCD0000" + counts + Name + "00010001" + rest).ShouldBe("ABCD8001" + "0001000000000000" + Name + "00010001");

    [Fact]
    public void Two_opt_records_are_format_error() => Out(
        "ABCD00000001000000000002" + Name + "00010001" + OptMin + OptMin).ShouldBe("ABCD80010001000000000001" + Name + "00010001" + OptMin);

    [Theory]
    [InlineData("0001", "0003", 5)] // class CH
    [InlineData("0001", "00FF", 5)] // class ANY
    [InlineData("00FC", "0001", 5)] // AXFR
    [InlineData("00FB", "0001", 5)] // IXFR
    [InlineData("0029", "0001", 1)] // OPT
    [InlineData("00FA", "0001", 1)] // TSIG
    [InlineData("0000", "0001", 1)]
    public void Other_classes_and_transfers_are_refused_and_meta_types_are_format_errors(string type, string @class, int rcode) => Out(
        "ABCD00000001000000000000" + Name + type + @class).ShouldBe($"ABCD800{rcode}0001000000000000" + Name + type + @class);

    [Fact]
    public void An_ixfr_may_carry_its_soa() => Out(
        "ABCD00000001000000010000" + Name + "00FB0001" + "C00F" + Soa).ShouldBe("ABCD80050001000000000000" + Name + "00FB0001");

    [Theory]
    [InlineData(null, false, 0)] // 64 records are 1,055 octets
    [InlineData(0, false, 0)]
    [InlineData(1000, false, 0)]
    [InlineData(1100, false, 64)]
    [InlineData(65_535, false, 64)]
    [InlineData(null, true, 64)]
    public void What_does_not_fit_is_truncated_to_nothing_and_tcp_gives_all(int? payload, bool overTcp, int answers)
    {
        Edns? edns = payload is { } octets ? new Edns((ushort)octets, 0, 0, false, null) : null;
        var wire = Respond(Zone, Query("many.fleet.test", DnsType.A, edns), overTcp);
        var reply = Read(wire);
        reply.Answers.Length.ShouldBe(answers);
        reply.Header.IsTruncated.ShouldBe(answers == 0);
        reply.Edns.HasValue.ShouldBe(edns.HasValue);
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        wire.Length.ShouldBeLessThanOrEqualTo(Math.Max(512, overTcp ? 65_535 : payload ?? 512));
    }

    [Fact]
    public void Around_the_edge_a_reply_is_whole_or_truncated_and_always_has_its_opt()
    {
        var subnet = ClientSubnet.Truncate(IPAddress.IPv6Loopback, 128);
        var truncated = 0;
        for (ushort payload = 1000; payload < 1200; payload++)
        {
            var wire = Respond(Zone, Query("many.fleet.test", DnsType.A, new Edns(payload, 0, 0, false, subnet)));
            wire.Length.ShouldBeLessThanOrEqualTo(payload);
            var reply = Read(wire);
            reply.Edns!.Value.Subnet.ShouldBe(subnet);
            reply.Answers.Length.ShouldBe(reply.Header.IsTruncated ? 0 : 64);
            truncated += reply.Header.IsTruncated ? 1 : 0;
        }

        truncated.ShouldBe(12 + 21 + (64 * 16) + 35 - 1000);
    }

    [Fact]
    public void The_largest_payload_we_send_is_1232_whatever_is_offered()
    {
        Candidate[] candidates = [.. Enumerable.Range(1, 60).Select(i => new Candidate(IPAddress.Parse($"2001:db8::{i:x}"), 1))];
        var zone = Snapshot(new BalancedName(Zones.Name("big.fleet.test"), 0, 60, [.. candidates]));
        Ask(zone, "big.fleet.test", DnsType.Aaaa, new Edns(4096, 0, 0, false, null)).Header.IsTruncated.ShouldBeTrue();
        Ask(zone, "big.fleet.test", DnsType.Aaaa, overTcp: true).Answers.Length.ShouldBe(60);
    }

    [Fact]
    public void The_longest_name_and_the_longest_subnet_still_get_a_whole_negative_answer()
    {
        string label = new('x', 63);
        var name = $"{label}.{label}.{label}.{new string('y', 50)}.fleet.test";
        var subnet = ClientSubnet.Truncate(IPAddress.IPv6Loopback, 128);
        var reply = Ask(Zone, name, DnsType.A, new Edns(512, 0, 0, false, subnet));
        reply.Rcode.ShouldBe(DnsRcode.NxDomain);
        reply.Header.IsTruncated.ShouldBeFalse();
        reply.Authority.Length.ShouldBe(1);
        reply.Edns!.Value.Subnet.ShouldBe(subnet);
    }

    private static string Out(string hex) => Convert.ToHexString(Respond(Zone, Convert.FromHexString(hex)));
}
