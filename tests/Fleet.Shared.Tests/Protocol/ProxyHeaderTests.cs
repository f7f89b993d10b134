using System.Net;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Protocol;

public sealed class ProxyHeaderTests
{
    [Theory]
    [InlineData("192.0.2.9:51000", "127.91.0.1:80", "adc-1")]
    [InlineData("[2001:db8::9]:51000", "[2001:db8::1]:443", "a-Ω")]
    [InlineData("192.0.2.9:1", "127.91.0.1:65535", "")]
    public void Header_comes_back_as_it_was_written_and_the_payload_follows(string client, string vip, string node)
    {
        var bytes = new byte[ProxyHeader.WriteSizeMax];
        ProxyHeader.TryWrite(bytes, IPEndPoint.Parse(client), IPEndPoint.Parse(vip), node, out var written).ShouldBeTrue();
        ProxyHeader.TryRead(bytes, out var header, out var length).ShouldBeTrue();
        length.ShouldBe(written);
        header.ShouldBe(new ProxyHeader(IPEndPoint.Parse(client), IPEndPoint.Parse(vip), node));
        for (var part = 0; part < written; part++)
            ProxyHeader.Read(bytes.AsSpan(0, part), out _, out _).ShouldBe(ProxyParse.Short, $"{part} bytes");
    }

    [Fact]
    public void Header_is_the_one_of_the_specification()
    {
        var bytes = new byte[ProxyHeader.WriteSizeMax];
        ProxyHeader.TryWrite(bytes, IPEndPoint.Parse("1.2.3.4:258"), IPEndPoint.Parse("5.6.7.8:80"), "ab", out var written);
        Convert.ToHexString(bytes.AsSpan(0, written))
            .ShouldBe("0D0A0D0A000D0A515549540A" + "2111" + "0011" + "01020304" + "05060708" + "0102" + "0050" + "E00002" + "6162");
    }

    [Fact]
    public void Longest_name_fits_and_a_longer_one_is_refused()
    {
        var bytes = new byte[ProxyHeader.WriteSizeMax];
        var end = IPEndPoint.Parse("[::1]:1");
        ProxyHeader.TryWrite(bytes, end, end, new string('n', 255), out var written).ShouldBeTrue();
        written.ShouldBe(ProxyHeader.WriteSizeMax);
        ProxyHeader.TryWrite(bytes, end, end, new string('n', 256), out _).ShouldBeFalse();
        ProxyHeader.TryWrite(bytes, end, IPEndPoint.Parse("1.2.3.4:1"), "n", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("47")]
    [InlineData("0D0A0D0A000D0A515549540A11")]
    [InlineData("0D0A0D0A000D0A515549540A" + "2111" + "000B" + "0102030405060708010200")]
    [InlineData("0D0A0D0A000D0A515549540A" + "2111" + "000E" + "010203040506070801020050" + "E000")]
    [InlineData("0D0A0D0A000D0A515549540A" + "2111" + "000F" + "010203040506070801020050" + "E00001")]
    public void What_is_no_header_is_bad(string hex) =>
        ProxyHeader.Read(Convert.FromHexString(hex), out _, out _).ShouldBe(ProxyParse.Bad);

    [Theory]
    [InlineData("0D0A0D0A000D0A515549540A" + "2000" + "0000")]
    [InlineData("0D0A0D0A000D0A515549540A" + "2011" + "000C" + "010203040506070801020050")]
    [InlineData("0D0A0D0A000D0A515549540A" + "2151" + "0003" + "010203")]
    public void Local_and_unknown_families_carry_no_addresses(string hex)
    {
        ProxyHeader.TryRead(Convert.FromHexString(hex), out var header, out var length).ShouldBeTrue();
        header.ShouldBe(new ProxyHeader(null, null, null));
        length.ShouldBe(hex.Length / 2);
    }

    [Fact]
    public void Unknown_types_are_skipped()
    {
        var hex = "0D0A0D0A000D0A515549540A" + "2111" + "0015" + "010203040506070801020050" + "040001FF" + "E00002" + "6162";
        ProxyHeader.TryRead(Convert.FromHexString(hex), out var header, out _).ShouldBeTrue();
        header.Node.ShouldBe("ab");
    }

    [Theory]
    [InlineData("050003" + "616463" + "", "adc")]
    [InlineData("050003" + "616463" + "E00002" + "6162", "ab")]
    [InlineData("E00002" + "6162" + "050003" + "616463", "ab")]
    public void Unique_id_names_the_node_where_nothing_better_does(string types, string node)
    {
        var size = 12 + (types.Length / 2);
        var hex = $"0D0A0D0A000D0A515549540A2111{size:X4}010203040506070801020050{types}";
        ProxyHeader.TryRead(Convert.FromHexString(hex), out var header, out _).ShouldBeTrue();
        header.Node.ShouldBe(node);
    }

    [Fact]
    public void Damaged_headers_never_throw()
    {
        var whole = new byte[ProxyHeader.WriteSizeMax];
        ProxyHeader.TryWrite(whole, IPEndPoint.Parse("1.2.3.4:258"), IPEndPoint.Parse("5.6.7.8:80"), "adc-1", out var written);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = whole[..random.Next(written + 1)];
            for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ProxyHeader.TryRead(bytes, out _, out var length);
            length.ShouldBeLessThanOrEqualTo(bytes.Length);
        }
    }
}
