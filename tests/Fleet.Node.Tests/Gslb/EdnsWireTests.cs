using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>OPT and its options as octets: RFC 6891, RFC 7871.</summary>
public class EdnsWireTests
{
    private static readonly ZoneSnapshot Zone = Usual();

    [Theory]
    [InlineData("0001000100000000")] // among the answers
    [InlineData("0001000000010000")] // among the authority records
    [InlineData("0001000000000001", "0161")] // its owner is "a", cut off
    public void Opt_elsewhere_or_cut_off_is_a_format_error(string counts, string? instead = null)
    {
        var reply = Ask(counts, instead ?? Opt(""));
        reply.Rcode.ShouldBe(DnsRcode.FormErr);
        reply.Edns.ShouldBeNull();
    }

    [Theory]
    [InlineData("016100")] // a.
    [InlineData("C00C")] // the question's name
    [InlineData("C017")] // a pointer to the question's root label: still not written as the root
    public void Opt_with_another_owner_than_the_root_is_a_format_error(string owner)
    {
        var reply = AskAdditional(owner + Opt("")[2..]);
        reply.Rcode.ShouldBe(DnsRcode.FormErr);
        reply.Edns.HasValue.ShouldBeTrue();
    }

    [Fact]
    public void Opt_may_stand_anywhere_among_the_additional_records()
    {
        var other = "00" + "0001" + "0001" + "00000000" + "0004" + "7F000001";
        var reply = Ask("0001000000000003", other + Opt("") + other);
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Edns.HasValue.ShouldBeTrue();
    }

    [Theory]
    [InlineData("00", 0)]
    [InlineData("01", 16)]
    [InlineData("FF", 16)]
    public void Versions_above_0_are_badvers_with_version_0_and_no_answer(string version, int rcode)
    {
        var reply = AskAdditional("00" + "0029" + "04D0" + "00" + version + "0000" + "0000");
        ((int)reply.Rcode).ShouldBe(rcode);
        reply.Answers.Length.ShouldBe(rcode == 0 ? 1 : 0);
        reply.Edns!.Value.Version.ShouldBe((byte)0);
    }

    [Theory]
    [InlineData("0001", "0000")] // LLQ, empty
    [InlineData("0003", "0000")] // NSID
    [InlineData("0009", "000400000000")] // expire
    [InlineData("000B", "0000")] // TCP keepalive over UDP: to be ignored (RFC 7828 3.2.1)
    [InlineData("000C", "000400000000")] // padding
    [InlineData("000F", "00020000")] // extended error in a query
    [InlineData("FFFF", "0003ABCDEF")]
    public void Options_we_do_not_know_are_passed_over_and_not_given_back(string code, string rest)
    {
        var reply = AskAdditional(Opt(code + rest + "0008000400010000"));
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Edns.ShouldBe(new Edns(1232, 0, 0, false, new ClientSubnet(1, 0, 0, 0)));
    }

    [Theory]
    [InlineData("0003")] // no length
    [InlineData("00030001")] // its octet is missing
    [InlineData("0003FFFF00")]
    [InlineData("000300000A")] // whole, and an octet over
    public void An_option_cut_off_is_a_format_error(string options) => AskAdditional(Opt(options)).Rcode.ShouldBe(DnsRcode.FormErr);

    [Theory]
    [InlineData("00010000", true)] // IPv4 /0: "use no subnet"
    [InlineData("00020000", true)] // IPv6 /0
    [InlineData("00000000", true)] // no family, nothing disclosed
    [InlineData("00012000C0000201", true)] // a whole address
    [InlineData("0001180000000000", false)] // an octet too many
    [InlineData("000118000000", false)] // one too few
    [InlineData("00012100C000020100", false)] // longer than an address
    [InlineData("0002810020010DB800000000000000000000000000", false)]
    [InlineData("00011100C00080", true)] // 17 bits, the last one set
    [InlineData("00011100C00040", false)] // the bit behind them set
    [InlineData("00010001", true)] // a scope in a query means nothing
    [InlineData("00000800C0", false)] // no family, yet an address
    [InlineData("00030000", false)] // a family nobody has assigned to addresses
    [InlineData("000118", false)] // cut off
    [InlineData("", false)]
    public void A_client_subnet_is_exact_or_a_format_error(string data, bool isGood)
    {
        var reply = AskAdditional(Opt("0008" + (data.Length / 2).ToString("X4") + data));
        reply.Rcode.ShouldBe(isGood ? DnsRcode.NoError : DnsRcode.FormErr);
        reply.Edns!.Value.Subnet.HasValue.ShouldBe(isGood);
        if (isGood)
            reply.Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)0);
    }

    [Fact]
    public void Two_client_subnets_are_a_format_error() =>
        AskAdditional(Opt("0008000400010000" + "0008000400010000")).Rcode.ShouldBe(DnsRcode.FormErr);

    [Theory]
    [InlineData("0000", false)]
    [InlineData("8000", true)]
    [InlineData("FFFF", true)]
    public void Of_the_flags_only_do_comes_back(string flags, bool isDo)
    {
        var wire = Respond(Zone, Convert.FromHexString("ABCD00000001000000000001" + Name + "00" + "0029" + "04D0" + "0000" + flags + "0000"));
        Convert.ToHexString(wire)[^22..].ShouldBe("00" + "0029" + "04D0" + "0000" + (isDo ? "8000" : "0000") + "0000");
    }

    private const string Name = "02733305666C656574047465737400" + "0001" + "0001";

    private static string Opt(string options) => "00" + "0029" + "1000" + "00000000" + (options.Length / 2).ToString("X4") + options;

    private static DnsReply AskAdditional(string record) => Ask("0001000000000001", record);

    /// <summary>A query with these counts (questions, answers, authority, additional), and what follows the question.</summary>
    private static DnsReply Ask(string counts, string rest) =>
        Read(Respond(Zone, Convert.FromHexString("ABCD0000" + counts + Name + rest)));
}
