using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Headers and questions as octets: RFC 1035 4.1, RFC 2181, RFC 9619, and the draft on 0x20.</summary>
public class QuestionWireTests
{
    private const string S3 = "02733305666C656574047465737400"; // s3.fleet.test
    private static readonly ZoneSnapshot Zone = Usual();

    [Fact]
    public void Every_mix_of_upper_and_lower_case_finds_the_name_and_comes_back()
    {
        const int Letters = 10;
        for (var mix = 0; mix < 1 << Letters; mix++)
        {
            var query = Query("s3.fleet.test", DnsType.A);
            var letter = 0;
            for (var i = DnsHeader.Size; i < query.Length - 4; i++)
            {
                if (query[i] is >= (byte)'a' and <= (byte)'z' && ((mix >> letter++) & 1) == 1)
                    query[i] -= 32;
            }

            letter.ShouldBe(Letters);
            var reply = Respond(Zone, query);
            reply[7].ShouldBe((byte)1);
            reply[DnsHeader.Size..query.Length].ShouldBe(query[DnsHeader.Size..]);
        }
    }

    [Fact]
    public void Only_letters_have_a_case()
    {
        // Octets that differ from a letter's neighbour by 0x20 alone, such as @ and `, [ and {, are different names (RFC 4343 3).
        var zone = Snapshot(Balanced(@"a\064b.fleet.test", "203.0.113.1"), Balanced(@"a\123b.fleet.test", "203.0.113.2"));
        Ask(zone, @"A\064B.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
        Ask(zone, @"a\096b.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NxDomain);
        Ask(zone, @"a\123b.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
        Ask(zone, @"a\091b.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NxDomain);
    }

    [Fact]
    public void No_response_is_ever_answered_whatever_else_it_says()
    {
        foreach (var seed in (byte[][])[Query("s3.fleet.test", DnsType.A), Query("absent.fleet.test", DnsType.A),
            Convert.FromHexString("ABCD00000001000000000000")])
        {
            for (var flags = 0x8000; flags <= 0xFFFF; flags += 0x0101)
            {
                (seed[2], seed[3]) = ((byte)(flags >> 8), (byte)flags);
                Respond(Zone, seed).ShouldBeEmpty(flags.ToString("X4"));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(15)]
    public void An_opcode_we_do_not_do_is_not_implemented_however_little_of_a_message_follows(int opcode)
    {
        foreach (var rest in (string[])["0000000000000000", "0001000000000000" + S3 + "00010001", "FFFFFFFFFFFFFFFF00"])
        {
            var reply = Respond(Zone, Convert.FromHexString("ABCD" + ((opcode << 11) | 0x0100).ToString("X4") + rest));
            Convert.ToHexString(reply).ShouldBe("ABCD" + (0x8000 | (opcode << 11) | 0x0104).ToString("X4") + "0000000000000000");
        }
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0003")] // CHAOS
    [InlineData("0004")] // HESIOD
    [InlineData("00FE")] // NONE
    [InlineData("00FF")] // ANY
    [InlineData("FF00")] // private use
    public void Another_class_is_refused_for_any_name(string @class)
    {
        Head(S3 + "0001" + @class).ShouldBe("ABCD800500010000");
        Head("0776657273696F6E0462696E6400" + "0010" + @class).ShouldBe("ABCD800500010000"); // version.bind TXT
    }

    [Fact]
    public void Every_type_but_the_meta_types_is_no_data_where_the_name_has_none()
    {
        for (var type = 2; type <= 0xFFFF; type++)
        {
            var rcode = type switch { 41 or 128 or 249 or 250 => 1, 251 or 252 => 5, 255 => -1, _ => 0 };
            var head = Head(S3 + type.ToString("X4") + "0001");
            if (rcode == 0)
                head.ShouldBe("ABCD840000010000", $"type {type}");
            else if (rcode > 0)
                head.ShouldBe($"ABCD800{rcode}00010000", $"type {type}");
        }
    }

    [Theory]
    [InlineData("00000000", "00000000", "")]
    [InlineData("00020000", "00000000", S3 + "00010001" + S3 + "00010001")]
    [InlineData("00020000", "00000000", S3 + "00010001")]
    [InlineData("FFFF0000", "00000000", S3 + "00010001")]
    public void None_or_many_questions_are_a_format_error_that_gives_none_back(string questions, string records, string rest) =>
        Convert.ToHexString(Respond(Zone, Convert.FromHexString("ABCD0000" + questions + records + rest))).ShouldBe("ABCD80010000000000000000");

    [Theory]
    [InlineData("C00C")] // to itself
    [InlineData("C000")] // into the header, which looks like labels
    [InlineData("0161C00C")] // a loop over a label
    [InlineData("0161C00E")] // to itself behind a label
    [InlineData("0161C0FF")] // beyond the message
    [InlineData("0161FFFF")]
    [InlineData("C0")] // half a pointer
    [InlineData("4001")] // the extended label type of RFC 2673, made obsolete by RFC 6891
    [InlineData("80")] // never assigned
    [InlineData("3F61")] // a label cut off
    public void A_question_whose_name_is_compressed_looping_or_of_another_kind_is_a_format_error(string name) =>
        Head(name + "00010001").ShouldBe("ABCD800100000000");

    [Theory]
    [InlineData("00010000" + "00000001", "C00C" + "0001" + "0001" + "00000000" + "0004" + "7F000001", 0)] // its owner points at the question
    // at itself: owners of records we do not use are passed over
    [InlineData(
        "00010000" + "00000001",
        "C01F" + "0001" + "0001" + "00000000" + "0004" + "7F000001",
        0)]
    [InlineData("00010000" + "00000001", "4001" + "0001" + "0001" + "00000000" + "0004" + "7F000001", 1)]
    [InlineData("00010000" + "00000001", "C00C" + "0001" + "0001" + "00000000" + "0005" + "7F000001", 1)] // its data is cut off
    [InlineData("00010000" + "00000002", "C00C" + "0001" + "0001" + "00000000" + "0004" + "7F000001", 1)] // the second is missing
    [InlineData("00010000" + "00000000", "00", 1)] // an octet over
    [InlineData("00010000" + "00000000", "C00C" + "0001" + "0001" + "00000000" + "0004" + "7F000001", 1)] // a record over
    public void Records_behind_the_question_must_be_whole_and_as_many_as_promised(string counts, string rest, int rcode)
    {
        var reply = Respond(Zone, Convert.FromHexString("ABCD0000" + counts + S3 + "00010001" + rest));
        (reply[3] & 0xF).ShouldBe(rcode);
        Read(reply).QuestionType.ShouldBe(DnsType.A);
    }

    [Fact]
    public void Labels_of_63_octets_and_names_of_255_are_names_and_longer_ones_are_not()
    {
        string label = new('x', 63);
        var zone = Snapshot(Balanced($"{label}.{label}.{label}.{new string('y', 50)}.fleet.test", "203.0.113.1"));
        var hex63 = "3F" + string.Concat(Enumerable.Repeat("78", 63));
        var tail = "05666C656574047465737400" + "00010001";
        string Longest(int last) => hex63 + hex63 + hex63 + last.ToString("X2") + string.Concat(Enumerable.Repeat("79", last)) + tail;
        var reply = Respond(zone, Convert.FromHexString("ABCD00000001000000000000" + Longest(50)));
        Convert.ToHexString(reply)[..16].ShouldBe("ABCD840000010001");
        Head(Longest(51)).ShouldBe("ABCD800100000000");
        Head("40" + string.Concat(Enumerable.Repeat("78", 64)) + tail).ShouldBe("ABCD800100000000");
    }

    [Fact]
    public void Labels_may_hold_any_octets()
    {
        byte[] odd = [0x00, 0x01, 0x2E, 0x5C, 0x7F, 0x80, 0xC0, 0xFF];
        byte[] query = [0xAB, 0xCD, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 8, .. odd, .. Convert.FromHexString(S3[6..] + "00010001")];
        var reply = Respond(Zone, query);
        Convert.ToHexString(reply)[..8].ShouldBe("ABCD8403");
        reply[DnsHeader.Size..query.Length].ShouldBe(query[DnsHeader.Size..]);
    }

    [Fact]
    public void Every_query_cut_off_anywhere_is_a_format_error_or_silence()
    {
        var whole = Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, true, new ClientSubnet(1, 24, 0, default)));
        for (var length = 0; length < whole.Length; length++)
        {
            var reply = Respond(Zone, whole[..length]);
            if (length < DnsHeader.Size)
                reply.ShouldBeEmpty();
            else
                Read(reply).Rcode.ShouldBe(DnsRcode.FormErr, $"{length} octets");
        }
    }

    private static string Head(string question) =>
        Convert.ToHexString(Respond(Zone, Convert.FromHexString("ABCD00000001000000000000" + question)))[..16];
}
