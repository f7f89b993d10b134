using System.Net;
using Fleet.Shared.Dns;

namespace Fleet.Shared.Tests.Dns;

public class DnsMessageTests
{
    private const string Question = "02533305666C656574047465737400" + "0001" + "0001";

    [Fact]
    public void A_query_has_these_octets()
    {
        var query = new DnsQuery(0x1234, DnsName.Parse("s3.fleet.test"), DnsType.A)
        {
            Edns = new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Parse("192.0.2.0"), 24)),
            RecursionDesired = true,
        };
        var wire = new byte[DnsQuery.SizeMax];
        var length = query.Write(wire);
        Convert.ToHexString(wire.AsSpan(0, length)).ShouldBe(
            "123401000001000000000001" + "02733305666C656574047465737400" + "0001" + "0001"
            + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011800C00002");
    }

    [Fact]
    public void A_query_without_room_is_an_error_of_the_caller() =>
        Should.Throw<ArgumentException>(() => new DnsQuery(1, DnsName.Parse("s3.fleet.test"), DnsType.A).Write(new byte[20]));

    [Fact]
    public void A_reply_gives_every_section_with_names_expanded()
    {
        var reply = Read(
            "123485000001000200010002" + Question
            + "C00C" + "0001" + "0001" + "00000000" + "0004" + "CB007105"
            + "C00C" + "001C" + "0001" + "00000005" + "0010" + "20010DB8000000000000000000000001"
            + "C00F" + "0002" + "0001" + "0000003C" + "0008" + "056164632D31" + "C00F"
            + "056164632D31C00F" + "0001" + "0001" + "0000003C" + "0004" + "CB007101"
            + "00" + "0029" + "04D0" + "00000000" + "0000")!;
        reply.Header.IsAuthoritative.ShouldBeTrue();
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Answers.Select(record => record.ToString()).ShouldBe(["s3.fleet.test 0 IN A 203.0.113.5", "s3.fleet.test 5 IN AAAA 2001:db8::1"]);
        reply.Authority.Single().ToString().ShouldBe("fleet.test 60 IN NS adc-1.fleet.test");
        reply.Additional.Single().ToString().ShouldBe("adc-1.fleet.test 60 IN A 203.0.113.1");
        reply.Edns!.Value.PayloadMax.ShouldBe((ushort)1232);
        reply.IsReplyTo(new DnsQuery(0x1234, DnsName.Parse("s3.fleet.test"), DnsType.A)).ShouldBeTrue();
        reply.IsReplyTo(new DnsQuery(0x1235, DnsName.Parse("s3.fleet.test"), DnsType.A)).ShouldBeFalse();
        reply.IsReplyTo(new DnsQuery(0x1234, DnsName.Parse("s4.fleet.test"), DnsType.A)).ShouldBeFalse();
        reply.IsReplyTo(new DnsQuery(0x1234, DnsName.Parse("s3.fleet.test"), DnsType.Aaaa)).ShouldBeFalse();
    }

    [Fact]
    public void Soa_and_txt_are_readable()
    {
        var soa = new DnsSoa(DnsName.Parse("adc-1.fleet.test"), DnsName.Parse("hostmaster.fleet.test"), 7, 60, 10, 3600, 1);
        DnsSoa.TryRead(soa.ToWire(), out var read).ShouldBeTrue();
        read.ShouldBe(soa);
        DnsSoa.TryRead(soa.ToWire().AsSpan(1), out _).ShouldBeFalse();
        new DnsRecord(DnsName.Root, DnsType.Txt, 0, [3, 97, 98, 99, 1, 100]).Text.ShouldBe("abc d");
        new DnsRecord(DnsName.Root, DnsType.Txt, 0, [9, 97]).Text.ShouldBe("");
    }

    [Fact]
    public void The_extended_code_joins_the_one_in_the_header() =>
        Read("123480000001000000000001" + Question + "00" + "0029" + "04D0" + "01000000" + "0000")!.Rcode.ShouldBe(DnsRcode.BadVers);

    [Theory]
    [InlineData("12348500000100000000")] // no header
    [InlineData("123485000001000100000000" + Question)] // an answer promised, none there
    [InlineData("123485000001000000000000" + Question + "00")] // octets left over
    [InlineData("123485000001000100000000" + Question + "C01F" + "0001" + "0001" + "00000000" + "0004" + "CB007105")] // owner points at itself
    [InlineData("123485000001000100000000" + Question + "C00C" + "0001" + "0001" + "00000000" + "0005" + "CB007105")] // data cut off
    [InlineData("123485000001000100000000" + Question + "C00C" + "0002" + "0001" + "00000000" + "0002" + "0361")] // target runs out of its data
    [InlineData("123485000001000000000002" + Question + "0000290200000000000000" + "0000290200000000000000")] // two OPT
    public void A_malformed_reply_is_refused(string hex) => Read(hex).ShouldBeNull();

    [Fact]
    public void Random_octets_and_mutated_replies_never_throw()
    {
        var random = new Random(20240601);
        var seed = Convert.FromHexString(
            "123485000001000100010001" + Question + "C00C" + "0005" + "0001" + "00000000" + "0005" + "026162C00F"
            + "C00F" + "0006" + "0001" + "00000000" + "0018" + "C00CC00F0000000100000001000000010000000100000001"
            + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011800C00002");
        Read(Convert.ToHexString(seed)).ShouldNotBeNull();
        var readable = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var message = seed.AsSpan(0, random.Next(4) == 0 ? random.Next(seed.Length + 1) : seed.Length).ToArray();
            for (var flips = random.Next(4); flips > 0 && message.Length > 0; flips--)
                message[random.Next(message.Length)] = (byte)random.Next(256);
            if (DnsReply.TryRead(message, out var reply))
            {
                readable++;
                foreach (var record in reply.Answers)
                    _ = record.ToString();
            }
        }

        readable.ShouldBeInRange(1_000, 99_000);
    }

    [Fact]
    public void A_writer_stops_at_its_bound_until_rewound()
    {
        var buffer = new byte[8];
        var writer = new DnsWriter(buffer.AsSpan(0, 5));
        writer.WriteUInt32(0x01020304);
        var mark = writer.Position;
        writer.WriteUInt16(0xFFFF);
        writer.Overflowed.ShouldBeTrue();
        writer.WriteByte(0xFF);
        writer.Position.ShouldBe(4);
        writer.Rewind(mark);
        writer.WriteByte(5);
        writer.Overflowed.ShouldBeFalse();
        Convert.ToHexString(buffer).ShouldBe("0102030405000000");
    }

    private static DnsReply? Read(string hex) => DnsReply.TryRead(Convert.FromHexString(hex), out var reply) ? reply : null;
}
