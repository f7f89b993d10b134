using System.Text;
using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

public class DnsNameTests
{
    [Theory]
    [InlineData("s3.fleet.test", "02733305666C656574047465737400")]
    [InlineData("s3.fleet.test.", "02733305666C656574047465737400")]
    [InlineData("S3.Fleet.TEST", "02733305666C656574047465737400")]
    [InlineData(".", "00")]
    [InlineData("test", "047465737400")]
    [InlineData(@"a\.b.test", "03612E62047465737400")]
    [InlineData(@"\000.test", "0100047465737400")]
    public void Text_becomes_canonical_wire_form(string text, string hex) =>
        Convert.ToHexString(DnsName.Parse(text).Wire).ShouldBe(hex);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("bücher.test")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256")]
    [InlineData("a23456789b123456789c123456789d123456789e123456789f123456789g1234")]
    public void Text_that_is_no_name_is_refused(string text) => DnsName.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_name_may_have_255_octets_and_no_more()
    {
        string label = new('x', 63);
        var longest = $"{label}.{label}.{label}.{new string('y', 61)}";
        DnsName.Parse(longest).Length.ShouldBe(255);
        DnsName.TryParse(longest + "y", out _).ShouldBeFalse();
        DnsName.TryParse(longest + ".z", out _).ShouldBeFalse();
        DnsName.Parse("z").TryUnder(DnsName.Parse(longest), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("s3.fleet.test")]
    [InlineData(@"a\.b\\c\000\255.test")]
    [InlineData(".")]
    public void Text_survives_the_round_trip(string text) => DnsName.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("fleet.test", true)]
    [InlineData("s3.fleet.test", true)]
    [InlineData("a.b.fleet.test", true)]
    [InlineData("notfleet.test", false)]
    [InlineData("test", false)]
    [InlineData(@"a\005fleet.test", false)]
    public void A_name_is_within_a_zone_only_at_a_label_boundary(string name, bool within) =>
        DnsName.Parse(name).IsWithin(DnsName.Parse("fleet.test")).ShouldBe(within);

    [Fact]
    public void A_dictionary_finds_a_name_by_canonical_octets_of_any_length()
    {
        DnsName[] names = [.. Enumerable.Range(1, 60).Select(length => DnsName.Parse(new string('n', length) + ".test"))];
        var table = names.ToDictionary(name => name, name => name.Length, DnsNameComparer.Instance);
        var lookup = table.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var name in names)
            lookup[name.Wire].ShouldBe(name.Length);
        lookup.TryGetValue(DnsName.Parse("absent.test").Wire, out _).ShouldBeFalse();
    }

    [Fact]
    public void Pointers_lead_back_to_earlier_names()
    {
        var message = Convert.FromHexString("000000000000000000000000" + "05466C656574045465737400" + "027333C00C");
        Span<byte> name = stackalloc byte[DnsNameWire.LengthMax];
        DnsNameWire.TryRead(message, 24, name, out var length, out var next).ShouldBeTrue();
        Encoding.ASCII.GetString(name[..length]).ShouldBe("\u0002s3\u0005Fleet\u0004Test\0");
        next.ShouldBe(message.Length);
        DnsNameWire.TrySkip(message, 24, out var skipped).ShouldBeTrue();
        skipped.ShouldBe(next);
    }

    [Theory]
    [InlineData("C000", 0)] // itself
    [InlineData("C002C000", 2)] // two that point at each other: 2 -> 0 -> 2
    [InlineData("0161C000", 0)] // a label, then back to that label
    [InlineData("C004000003616263", 0)] // forward
    [InlineData("C0", 0)] // half a pointer
    [InlineData("C0FF", 0)] // outside
    [InlineData("4061", 0)] // reserved label type 01
    [InlineData("8061", 0)] // reserved label type 10
    [InlineData("056162", 0)] // cut off inside a label
    [InlineData("0161", 0)] // no root label
    [InlineData("", 0)]
    [InlineData("00", 1)] // starts behind the end
    public void Loops_forward_pointers_and_cut_off_names_are_refused(string hex, int offset)
    {
        var message = Convert.FromHexString(hex);
        DnsNameWire.TryRead(message, offset, new byte[DnsNameWire.LengthMax], out _, out _).ShouldBeFalse();
        DnsNameWire.TryMeasurePlain(message, offset, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_chain_of_pointers_cannot_build_a_name_over_255_octets()
    {
        var message = new byte[600];
        var at = 1; // a root label at 0, then labels that each point to the one before
        var previous = 0;
        for (var i = 0; i < 5; i++)
        {
            message[at] = 63;
            message[at + 64] = (byte)(0xC0 | (previous >> 8));
            message[at + 65] = (byte)previous;
            previous = at;
            at += 66;
        }

        var name = new byte[1000];
        DnsNameWire.TryRead(message, 1 + (2 * 66), name, out var length, out _).ShouldBeTrue();
        length.ShouldBe(193);
        DnsNameWire.TryRead(message, 1 + (3 * 66), name, out _, out _).ShouldBeFalse();
    }
}
