using Fleet.Coordinator.Projections.Rows;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>Records as a zone file has them: what was written there comes back.</summary>
public sealed class RecordTextTests
{
    [Theory]
    [InlineData("x 60 A 192.0.2.7", "192.0.2.7")]
    [InlineData("x 60 AAAA 2001:db8::7", "2001:db8::7")]
    [InlineData("x 60 CNAME other.example.", "other.example")]
    [InlineData("x 60 PTR y", "y.fleet.internal")]
    [InlineData("x 60 MX 10 mail", "10 mail.fleet.internal")]
    [InlineData("x 60 SRV 1 2 5060 sip", "1 2 5060 sip.fleet.internal")]
    [InlineData("x 60 TXT plain \"two words\" \"a \\\"quote\\\"\"", "\"plain\" \"two words\" \"a \\\"quote\\\"\"")]
    [InlineData("x 60 TXT ü", "\"\\195\\188\"")]
    [InlineData("x 60 CAA 0 issue ca.example.net", "0 issue \"ca.example.net\"")]
    public void Data_is_written_as_in_a_zone_file(string line, string data)
    {
        var set = PlainRecords.ForZone(GslbZone.Default with { Records = [line] }).ShouldHaveSingleItem();
        RecordText.Of(set.Type, set.Data.ShouldHaveSingleItem().AsSpan()).ShouldBe(data);
    }

    [Fact]
    public void Data_that_cannot_be_read_is_written_as_octets() =>
        RecordText.Of(Shared.Dns.DnsType.Mx, [0]).ShouldBe("\\# 1 00");
}
