using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Cookies, RFC 7873 and RFC 9018.</summary>
public class CookieTests
{
    private const string Secret = "E5E973E5A6B2A43F48E7DC849E37BFCF";
    private const string Issued = "2464C4ABCF10C957010000005CF79F111F8130C3EEE29480";
    private const uint IssuedAt = 1_559_731_985;
    private static readonly byte[] Asker = [198, 51, 100, 100];
    private static readonly ZoneSnapshot Zone = Usual();

    [Theory]
    [InlineData(Secret, null, "198.51.100.100", 1_559_731_985, "2464C4ABCF10C957", CookieVerdict.ClientOnly, Issued)] // A.1
    // A.2
    [InlineData(
        Secret,
        null,
        "198.51.100.100",
        1_559_734_385,
        Issued,
        CookieVerdict.Valid,
        "2464C4ABCF10C957010000005CF7A871D4A564A1442ACA77")]
    // A.3: reserved octets set
    [InlineData(
        Secret,
        null,
        "203.0.113.203",
        1_559_727_985,
        "FC93FC62807DDB8601ABCDEF5CF78F71A314227B6679EBF5",
        CookieVerdict.Valid,
        null)]
    // A.3
    [InlineData(
        Secret,
        null,
        "203.0.113.203",
        1_559_734_700,
        "FC93FC62807DDB86",
        CookieVerdict.ClientOnly,
        "FC93FC62807DDB86010000005CF7A9ACF73A7810ACA2381E")]
    [InlineData(
        "445536BCD2513298075A5D379663C962", "DD3BDF9344B678B185A6F5CB60FCA715", "2001:db8:220:1:59de:d0f4:8769:82b8", 1_559_741_961,
        "22681AB97D52C298010000005CF7C57926556BD0934C72F8",
        CookieVerdict.Valid,
        "22681AB97D52C298010000005CF7C609A6BB79D16625507A")] // A.4: the secret was rolled
    internal void The_vectors_of_rfc_9018_appendix_a(
        string secret, string? previous, string client, uint time, string asked, CookieVerdict verdict, string? given)
    {
        CookieKeys keys = new(KeyOf(previous ?? secret), null, 0);
        if (previous is not null)
            keys = keys.Rolled(KeyOf(secret));
        keys.Verify(CookieOf(asked), IPAddress.Parse(client).GetAddressBytes(), At(time), out var reply).ShouldBe(verdict);
        if (given is not null)
            HexOf(reply).ShouldBe(given);
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(1_799, true, true)]
    [InlineData(1_800, true, false)]
    [InlineData(3_600, true, false)]
    [InlineData(3_601, false, false)]
    [InlineData(-300, true, true)]
    [InlineData(-301, false, false)]
    public void A_cookie_is_good_for_an_hour_and_renewed_after_half_of_it(int age, bool good, bool same)
    {
        var now = At((uint)(IssuedAt + age));
        Keys().Verify(CookieOf(Issued), Asker, now, out var given).ShouldBe(good ? CookieVerdict.Valid : CookieVerdict.Bad);
        (HexOf(given) == Issued).ShouldBe(same);
        Keys().Verify(given, Asker, now, out _).ShouldBe(CookieVerdict.Valid);
    }

    [Fact]
    public void The_time_in_a_cookie_may_wrap()
    {
        Keys().Verify(CookieOf("2464C4ABCF10C957"), Asker, At(uint.MaxValue - 100), out var given);
        Keys().Verify(given, Asker, new Instant((uint.MaxValue + 412L) * 1_000_000), out _).ShouldBe(CookieVerdict.Valid);
    }

    [Theory]
    [InlineData(0)] // the client's part
    [InlineData(8)] // version
    [InlineData(9)] // reserved
    [InlineData(15)] // time
    [InlineData(23)] // hash
    public void A_cookie_with_one_bit_changed_is_bad(int octet)
    {
        var changed = Convert.FromHexString(Issued);
        changed[octet] ^= 1;
        DnsCookie.TryRead(changed, out var cookie).ShouldBeTrue();
        Keys().Verify(cookie, Asker, At(IssuedAt), out _).ShouldBe(CookieVerdict.Bad);
    }

    [Fact]
    public void A_cookie_is_good_for_one_address_and_two_secrets_only()
    {
        Keys().Verify(CookieOf(Issued), [198, 51, 100, 101], At(IssuedAt), out _).ShouldBe(CookieVerdict.Bad);
        var rolled = Keys().Rolled(new SipKey(1, 2));
        rolled.Verify(CookieOf(Issued), Asker, At(IssuedAt), out var renewed).ShouldBe(CookieVerdict.Valid);
        HexOf(renewed).ShouldNotBe(Issued);
        rolled.Rolled(new SipKey(3, 4)).Verify(CookieOf(Issued), Asker, At(IssuedAt), out _).ShouldBe(CookieVerdict.Bad);
    }

    [Theory]
    [InlineData("2464C4ABCF10C957", Counter.CookieNew)]
    [InlineData(Issued, Counter.CookieValid)]
    [InlineData("2464C4ABCF10C958010000005CF79F111F8130C3EEE29480", Counter.CookieBad)]
    [InlineData("2464C4ABCF10C9570011223344556677", Counter.CookieBad)] // a server cookie of another form
    [InlineData("2464C4ABCF10C957000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", Counter.CookieBad)]
    internal void Whoever_sends_a_cookie_is_answered_and_gets_a_good_one(string asked, Counter counter)
    {
        var lane = LaneWithKeys();
        var reply = Read(Respond(Zone, Raw(asked), lane, Asker, At(IssuedAt)));
        reply.Rcode.ShouldBe(DnsRcode.NoError);
        reply.Answers.Length.ShouldBe(1);
        var given = reply.Edns!.Value.Cookie!.Value;
        given.Client.ShouldBe(CookieOf(asked).Client);
        Keys().Verify(given, Asker, At(IssuedAt), out _).ShouldBe(CookieVerdict.Valid);
        CountOf(lane, counter).ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("2464C4ABCF10C9")]
    [InlineData("2464C4ABCF10C95700")]
    [InlineData("2464C4ABCF10C95700112233445566")]
    [InlineData("2464C4ABCF10C957000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20")]
    public void A_cookie_of_another_length_is_a_format_error(string asked)
    {
        var reply = Read(Respond(Zone, Raw(asked), LaneWithKeys(), Asker, At(IssuedAt)));
        reply.Rcode.ShouldBe(DnsRcode.FormErr);
        reply.Edns!.Value.Cookie.ShouldBeNull();
    }

    [Fact]
    public void Of_several_cookies_the_first_counts_and_the_others_are_not_looked_at()
    {
        var reply = Read(Respond(Zone, Raw("2464C4ABCF10C957", "24"), LaneWithKeys(), Asker, At(IssuedAt)));
        HexOf(reply.Edns!.Value.Cookie!.Value).ShouldBe(Issued);
    }

    [Fact]
    public void A_query_without_a_question_may_ask_for_a_cookie()
    {
        byte[] query = [0xAB, 0xCD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, .. Opt("2464C4ABCF10C957")];
        Convert.ToHexString(Respond(Zone, query, LaneWithKeys(), Asker, At(IssuedAt))).ShouldBe(
            "ABCD80000000000000000001" + "00" + "0029" + "04D0" + "00000000" + "001C" + "000A0018" + Issued);
        Convert.ToHexString(Respond(Zone, query)).ShouldBe("ABCD80010000000000000001" + "00" + "0029" + "04D0" + "00000000" + "0000");
    }

    [Fact]
    public void Without_a_cookie_in_the_query_there_is_none_in_the_reply() =>
        Read(
            Respond(
                Zone,
                Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null)),
                LaneWithKeys(),
                Asker,
                At(IssuedAt))).Edns!.Value.Cookie.ShouldBeNull();

    [Fact]
    public void Errors_and_truncated_replies_carry_the_cookie_too()
    {
        foreach (var name in (string[])["absent.fleet.test", "example.com", "many.fleet.test"])
        {
            var edns = new Edns(512, 0, 0, false, null) { Cookie = CookieOf("2464C4ABCF10C957") };
            var wire = Respond(Zone, Query(name, DnsType.A, edns), LaneWithKeys(), Asker, At(IssuedAt));
            wire.Length.ShouldBeLessThanOrEqualTo(512);
            HexOf(Read(wire).Edns!.Value.Cookie!.Value).ShouldBe(Issued);
        }
    }

    private static CookieKeys Keys() => new(KeyOf(Secret), null, 0);

    private static Lane LaneWithKeys() => new(1) { Rules = new ServingRules { Cookies = Keys() } };

    private static SipKey KeyOf(string hex) => SipKey.FromBytes(Convert.FromHexString(hex));

    private static DnsCookie CookieOf(string hex)
    {
        DnsCookie.TryRead(Convert.FromHexString(hex), out var cookie).ShouldBeTrue();
        return cookie;
    }

    private static string HexOf(DnsCookie cookie)
    {
        var octets = new byte[DnsCookie.SizeMax];
        var writer = new DnsWriter(octets);
        cookie.Write(ref writer);
        return Convert.ToHexString(octets.AsSpan(4, writer.Position - 4));
    }

    private static Instant At(uint unixSeconds) => new(unixSeconds * 1_000_000L);

    private static byte[] Raw(params string[] cookies)
    {
        var plain = Query("s3.fleet.test", DnsType.A);
        plain[11] = 1;
        return [.. plain, .. Opt(cookies)];
    }

    private static byte[] Opt(params string[] cookies)
    {
        byte[] options = [.. cookies.SelectMany(cookie => (byte[])[0, 10, 0, (byte)(cookie.Length / 2), .. Convert.FromHexString(cookie)])];
        return [0, 0, 0x29, 4, 0xD0, 0, 0, 0, 0, 0, (byte)options.Length, .. options];
    }
}
