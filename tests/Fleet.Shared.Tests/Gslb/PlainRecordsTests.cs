using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Gslb;

/// <summary>Records written as in a zone file.</summary>
public class PlainRecordsTests
{
    private static readonly GslbZone Zone = GslbZone.Default with { Name = "fleet.test", Zones = ["other.example"] };

    [Theory]
    [InlineData("www 5m A 192.0.2.1", "www.fleet.test 300 IN A 192.0.2.1")]
    [InlineData("www 300 IN AAAA 2001:db8::1", "www.fleet.test 300 IN AAAA 2001:db8::1")]
    [InlineData("www 1h CNAME web", "www.fleet.test 3600 IN CNAME web.fleet.test")]
    [InlineData("WWW.other.example. 1d cname sorry.example.net.", "www.other.example 86400 IN CNAME sorry.example.net")]
    [InlineData("@ 0 TXT \"v=spf1 -all\" two", "fleet.test 0 IN TXT \"v=spf1 -all two\"")]
    [InlineData("@ 0 TXT \"say \\\"hi\\\"\"", "fleet.test 0 IN TXT \"say \"hi\"\"")]
    [InlineData("@ 1w MX 10 mail", "fleet.test 604800 IN MX \\# 19 000A046D61696C05666C656574047465737400")]
    [InlineData("_s3._tcp 60s SRV 1 2 443 s3", "_s3._tcp.fleet.test 60 IN SRV \\# 21 0001000201BB02733305666C656574047465737400")]
    [InlineData("@ 1h CAA 0 issue \"ca.example.net\"", "fleet.test 3600 IN CAA \\# 21 0005697373756563612E6578616D706C652E6E6574")]
    public void A_line_is_a_record(string line, string record)
    {
        var set = PlainRecords.ForZone(Zone with { Records = [line] }).ShouldHaveSingleItem();
        new DnsRecord(set.Name, set.Type, set.Ttl, set.Data.ShouldHaveSingleItem()).ToString().ShouldBe(record);
        PlainRecords.MistakeIn(line, Zone).ShouldBeNull();
    }

    [Theory]
    [InlineData("www 5m A", "name, TTL, type and data")]
    [InlineData("www.example.org. 5m A 192.0.2.1", "a name within fleet.test or other.example")]
    [InlineData("www 5x A 192.0.2.1", "a TTL such as 300, 5m or 1h")]
    [InlineData("www 99999w A 192.0.2.1", "a TTL such as 300, 5m or 1h")]
    [InlineData("www 5m A 192.0.2", "A and an IPv4 address")]
    [InlineData("www 5m AAAA 192.0.2.1", "AAAA and an IPv6 address")]
    [InlineData("www 5m CNAME a b", "one name")]
    [InlineData("www 5m MX mail 10", "MX, a preference and a name")]
    [InlineData("www 5m SRV 1 2 443", "SRV, priority, weight, port and a name")]
    [InlineData("www 5m CAA 256 issue x", "CAA, flags, a tag and a value, such as 0 issue \"ca.example.net\"")]
    [InlineData("www 5m SOA x", "a type of A, AAAA, CNAME, TXT, MX, SRV, CAA or PTR")]
    [InlineData("www 5m 1 192.0.2.1", "a type of A, AAAA, CNAME, TXT, MX, SRV, CAA or PTR")]
    public void A_line_that_is_none_says_what_is_allowed(string line, string allowed)
    {
        PlainRecords.MistakeIn(line, Zone).ShouldBe(allowed);
        PlainRecords.ForZone(Zone with { Records = [line] }).ShouldBeEmpty();
    }

    [Fact]
    public void Records_of_one_name_and_type_are_one_set_with_the_lowest_ttl()
    {
        var set = PlainRecords.ForZone(Zone with { Records = ["x 1h A 192.0.2.1", "x 1m A 192.0.2.2", "x 1h A 192.0.2.1"] }).ShouldHaveSingleItem();
        (set.Ttl, set.Data.Length).ShouldBe((60u, 2));
    }
}
