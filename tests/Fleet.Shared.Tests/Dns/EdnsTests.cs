using System.Net;
using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

public class EdnsTests
{
    [Theory]
    [InlineData("192.0.2.77", 24, "00080007" + "00011800C00002")]
    [InlineData("192.0.2.255", 25, "00080008" + "00011900C0000280")]
    [InlineData("192.0.2.1", 32, "00080008" + "00012000C0000201")]
    [InlineData("0.0.0.0", 0, "00080004" + "00010000")]
    [InlineData("2001:db8::1", 56, "0008000B" + "0002380020010DB8000000")]
    public void A_client_subnet_has_these_octets(string address, int prefix, string hex)
    {
        var subnet = ClientSubnet.Truncate(IPAddress.Parse(address), prefix);
        var wire = new byte[ClientSubnet.SizeMax];
        var writer = new DnsWriter(wire);
        subnet.Write(ref writer);
        Convert.ToHexString(wire.AsSpan(0, writer.Position)).ShouldBe(hex);
        subnet.Size.ShouldBe(writer.Position);
        ClientSubnet.TryRead(wire.AsSpan(4, writer.Position - 4), out var read).ShouldBeTrue();
        read.ShouldBe(subnet);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000118")]
    [InlineData("00011800C000")] // too few address octets
    [InlineData("00011800C0000200")] // too many
    [InlineData("00011900C00002FF")] // bits behind the prefix
    [InlineData("00012100C000020100")] // IPv4 prefix 33
    [InlineData("0002810000000000000000000000000000000000")] // IPv6 prefix 129
    [InlineData("00011821C00002")] // scope 33
    [InlineData("00030000")] // unknown family
    [InlineData("00000100C0")] // no family, yet a prefix
    public void A_malformed_client_subnet_is_refused(string hex) =>
        ClientSubnet.TryRead(Convert.FromHexString(hex), out _).ShouldBeFalse();

    [Fact]
    public void Opt_carries_payload_version_do_and_subnet()
    {
        var edns = ReadOpt("00" + "0029" + "04D0" + "00008000" + "000F" + "000C0000" + "00080007" + "00011800C00002")!.Value;
        edns.PayloadMax.ShouldBe((ushort)1232);
        edns.DnssecOk.ShouldBeTrue();
        edns.Version.ShouldBe((byte)0);
        edns.Subnet.ShouldBe(ClientSubnet.Truncate(IPAddress.Parse("192.0.2.0"), 24));
    }

    [Theory]
    [InlineData("0161" + "00" + "0029" + "04D0" + "00000000" + "0000")] // owner is not the root
    [InlineData("00" + "0029" + "04D0" + "00000000" + "0003" + "000A00")] // option header cut off
    [InlineData("00" + "0029" + "04D0" + "00000000" + "0004" + "000A0001")] // option data cut off
    [InlineData("00" + "0029" + "04D0" + "00000000" + "0010" + "0008000400010000" + "0008000400010000")] // subnet twice
    public void A_malformed_opt_is_refused(string hex) => ReadOpt(hex).ShouldBeNull();

    [Theory]
    [InlineData("0102030405060708", 0)]
    [InlineData("01020304050607080000000000000000", 8)]
    [InlineData("01020304050607080A0B0C0D0E0F101112131415161718FF", 16)]
    [InlineData("01020304050607080A0B0C0D0E0F101112131415161718FF0A0B0C0D0E0F101112131415161718FF", 32)]
    public void A_cookie_is_read_and_what_rfc_9018_knows_of_it_is_written(string hex, int serverLength)
    {
        var cookie = ReadOpt(
            "00" + "0029" + "04D0" + "00000000" + $"{4 + (hex.Length / 2):X4}" + $"000A{hex.Length / 2:X4}" + hex)!.Value.Cookie!.Value;
        cookie.Client.ShouldBe(0x0102_0304_0506_0708ul);
        cookie.ServerLength.ShouldBe((byte)serverLength);
        var wire = new byte[DnsCookie.SizeMax];
        var writer = new DnsWriter(wire);
        cookie.Write(ref writer);
        writer.Position.ShouldBe(cookie.Size);
        var written = serverLength == 16 ? hex : hex[..16];
        Convert.ToHexString(wire.AsSpan(0, writer.Position)).ShouldBe($"000A{written.Length / 2:X4}{written}");
    }

    [Fact]
    public void Options_of_another_version_are_not_looked_at() =>
        ReadOpt("00" + "0029" + "04D0" + "00010000" + "0003" + "000A00")!.Value.Version.ShouldBe((byte)1);

    private static Edns? ReadOpt(string hex)
    {
        var message = Convert.FromHexString(hex);
        DnsRecordView.TryRead(message, 0, out var record).ShouldBeTrue();
        return Edns.TryRead(message, record, out var edns) ? edns : null;
    }
}
