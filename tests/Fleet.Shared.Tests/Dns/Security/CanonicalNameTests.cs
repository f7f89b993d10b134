using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Shared.Tests.Dns.Security;

public class CanonicalNameTests
{
    /// <summary>The order of RFC 4034 6.1.</summary>
    private static readonly string[] InOrder =
        [
            "example",
            "a.example",
            "yljkjljk.a.example",
            "Z.a.example",
            "zABC.a.EXAMPLE",
            "z.example",
            "\\001.z.example",
            "*.z.example",
            "\\200.z.example",
        ];

    [Fact]
    public void Names_are_ordered_as_in_rfc_4034()
    {
        DnsName[] names = [.. InOrder.Select(DnsName.Parse)];
        for (var i = 0; i < names.Length; i++)
        {
            for (var j = 0; j < names.Length; j++)
                Math.Sign(CanonicalName.Compare(names[i].Wire, names[j].Wire)).ShouldBe(Math.Sign(i - j), $"{names[i]} and {names[j]}");
        }
    }

    [Theory]
    [InlineData(".", 0)]
    [InlineData("example", 1)]
    [InlineData("www.example.net", 3)]
    public void Labels_are_counted_without_the_root(string name, int count) =>
        CanonicalName.LabelCount(DnsName.Parse(name).Wire).ShouldBe((byte)count);

    [Fact]
    public void The_next_name_has_a_zero_in_front() => Successor("b.fleet.test", "fleet.test").ShouldBe(DnsName.Parse("\\000.b.fleet.test"));

    [Fact]
    public void The_next_name_of_one_too_long_is_its_next_sibling_and_still_a_name()
    {
        var middle = string.Join('.', Enumerable.Repeat(new string('m', 63), 3));
        var labels = new[]
        {
            new string('a', 50), new string('a', 49), new string('a', 49) + "@", new string('a', 49) + "\\255",
            string.Concat(Enumerable.Repeat("\\255", 50)),
        };
        foreach (var label in labels)
        {
            var name = DnsName.Parse($"{label}.{middle}.fleet.test");
            var next = Successor(name.ToString(), "fleet.test");
            name.Length.ShouldBeInRange(254, 255);
            CanonicalName.Compare(name.Wire, next.Wire).ShouldBeLessThan(0, next.ToString());
            next.IsWithin(DnsName.Parse("fleet.test")).ShouldBeTrue(next.ToString());
        }

        Successor($"{new string('a', 49)}@.{middle}.fleet.test", "fleet.test").ToString().ShouldStartWith($"{new string('a', 49)}[.mmm");
    }

    [Fact]
    public void Behind_the_last_name_comes_the_zone()
    {
        var last = string.Concat(Enumerable.Repeat("\\255", 50))
            + "."
            + string.Join('.', Enumerable.Repeat(string.Concat(Enumerable.Repeat("\\255", 63)), 3));
        Successor($"{last}.fleet.test", "fleet.test").ShouldBe(DnsName.Parse("fleet.test"));
    }

    [Fact]
    public void A_bitmap_is_that_of_rfc_4034()
    {
        // alfa.example.com. NSEC host.example.com. ( A MX RRSIG NSEC TYPE1234 ), RFC 4034 4.3.
        var bitmap = new byte[TypeBitmap.SizeMax(5)];
        var length = TypeBitmap.Write([DnsType.A, DnsType.Mx, DnsType.Rrsig, DnsType.Nsec, (DnsType)1234], bitmap);
        Convert.ToHexString(bitmap.AsSpan(0, length)).ShouldBe("0006400100000003" + "041B000000000000000000000000000000000000000000000000000020");
    }

    [Theory]
    [InlineData(DnsType.Ns, "02414103424242C000", "02616103626262" + "036162630474657374" + "00")]
    [InlineData(DnsType.Mx, "000A014DC000", "000A016D" + "036162630474657374" + "00")]
    [InlineData(DnsType.Srv, "000100020003C000", "000100020003" + "036162630474657374" + "00")]
    [InlineData(DnsType.Txt, "024142", "024142")]
    [InlineData(DnsType.Nsec, "014100000140", "014100000140")]
    public void Data_is_signed_with_names_written_out_and_small(DnsType type, string data, string canonical)
    {
        // A message of nothing but a name that pointers lead to, and one record.
        var octets = Convert.FromHexString(data);
        byte[] message =
        [
            .. Convert.FromHexString("03414263" + "0474657374" + "00"),
            0,
            (byte)((int)type >> 8),
            (byte)type,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            (byte)octets.Length,
            .. octets,
        ];
        DnsRecordView.TryRead(message, 10, out var record).ShouldBeTrue();
        var buffer = new byte[300];
        CanonicalData.TryCopy(message, record, buffer, out var length).ShouldBeTrue();
        Convert.ToHexString(buffer.AsSpan(0, length)).ShouldBe(canonical);
        for (var room = 0; room < length; room++)
            CanonicalData.TryCopy(message, record, new byte[room], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(DnsType.Ns, "0161")]
    [InlineData(DnsType.Ns, "00FF")]
    [InlineData(DnsType.Mx, "00")]
    [InlineData(DnsType.Soa, "0000" + "0102030405")]
    public void Malformed_data_is_not_signed(DnsType type, string data)
    {
        var octets = Convert.FromHexString(data);
        byte[] message = [0, (byte)((int)type >> 8), (byte)type, 0, 1, 0, 0, 0, 0, 0, (byte)octets.Length, .. octets];
        DnsRecordView.TryRead(message, 0, out var record).ShouldBeTrue();
        CanonicalData.TryCopy(message, record, new byte[300], out _).ShouldBeFalse();
    }

    private static DnsName Successor(string name, string zone)
    {
        var next = new byte[DnsNameWire.LengthMax];
        var length = CanonicalName.Successor(DnsName.Parse(name).Wire, DnsName.Parse(zone).Wire, next);
        DnsName.TryFromWire(next.AsSpan(0, length), out var found).ShouldBeTrue(Convert.ToHexString(next.AsSpan(0, length)));
        return found!;
    }
}
