using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Response-rate limiting: who is limited, how much still goes out, and in which form.</summary>
public class ResponseRateTests
{
    private const int Rate = 10;
    private static readonly byte[] Asker = [192, 0, 2, 7];
    private static readonly byte[] Neighbour = [192, 0, 2, 250];
    private static readonly byte[] Stranger = [192, 0, 3, 7];
    private static readonly ZoneSnapshot Zone = Usual();

    [Fact]
    public void A_second_of_responses_goes_out_at_once_and_then_every_second_one_slips_through_truncated()
    {
        var lane = Limited();
        for (var i = 0; i < Rate; i++)
            Whole(Ask(lane, Asker, "s3.fleet.test"));
        for (var i = 0; i < 10; i++)
        {
            Ask(lane, Asker, "s3.fleet.test").ShouldBeEmpty();
            var slip = Read(Ask(lane, Asker, "s3.fleet.test"));
            slip.Header.IsTruncated.ShouldBeTrue();
            slip.Rcode.ShouldBe(DnsRcode.NoError);
            slip.Answers.ShouldBeEmpty();
        }

        (CountOf(lane, Counter.Answered), CountOf(lane, Counter.Limited), CountOf(lane, Counter.Slipped), CountOf(lane, Counter.Truncated))
            .ShouldBe((Rate, 10, 10, 0));
    }

    [Fact]
    public void Over_a_minute_the_rate_is_kept_exactly()
    {
        var lane = Limited();
        var whole = 0;
        for (var ms = 0; ms < 60_000; ms += 7)
            whole += IsWhole(Ask(lane, Asker, "s3.fleet.test", ms)) ? 1 : 0;
        whole.ShouldBeInRange((Rate * 60) + Rate - 1, (Rate * 60) + Rate);
    }

    [Fact]
    public void Whoever_stays_below_the_rate_is_never_limited()
    {
        var lane = Limited();
        for (var i = 0; i < 1000; i++)
            Whole(Ask(lane, Asker, "s3.fleet.test", i * 100));
    }

    [Fact]
    public void A_network_is_limited_as_one_and_others_not_at_all()
    {
        var lane = Limited();
        for (var i = 0; i < Rate; i++)
            Whole(Ask(lane, i % 2 == 0 ? Asker : Neighbour, "s3.fleet.test"));
        IsWhole(Ask(lane, Neighbour, "s3.fleet.test")).ShouldBeFalse();
        Whole(Ask(lane, Stranger, "s3.fleet.test"));
        byte[] v6 = [0x20, 1, 0xD, 0xB8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        for (var i = 0; i < Rate; i++, v6[7]++)
            Whole(Ask(lane, v6, "s3.fleet.test")); // eight bits of the /56's hosts
        IsWhole(Ask(lane, v6, "s3.fleet.test")).ShouldBeFalse();
        v6[6]++;
        Whole(Ask(lane, v6, "s3.fleet.test"));
    }

    [Fact]
    public void Names_and_kinds_of_answer_are_limited_each_for_itself_but_invented_names_together()
    {
        var lane = Limited();
        for (var i = 0; i < Rate; i++)
        {
            Whole(Ask(lane, Asker, "s3.fleet.test"));
            Whole(Ask(lane, Asker, "S3.fleet.test", type: DnsType.Aaaa)); // no data
            Whole(Ask(lane, Asker, "dual.fleet.test"));
            Whole(Ask(lane, Asker, $"invented-{i}.fleet.test"));
            Whole(Ask(lane, Asker, $"invented-{i}.example.com"));
        }

        foreach (var name in (string[])["s3.fleet.test", "dual.fleet.test", "another.fleet.test", "another.example.com"])
            IsWhole(Ask(lane, Asker, name)).ShouldBeFalse(name);
        IsWhole(Ask(lane, Asker, "s3.fleet.test", type: DnsType.Aaaa)).ShouldBeFalse();
        Whole(Ask(lane, Asker, "deep.er.fleet.test"));
    }

    [Fact]
    public void Errors_are_too_small_to_be_cut_and_slip_through_as_they_are()
    {
        var lane = Limited();
        for (var i = 0; i < Rate; i++)
            Read(Ask(lane, Asker, "example.com")).Rcode.ShouldBe(DnsRcode.Refused);
        Ask(lane, Asker, "example.com").ShouldBeEmpty();
        Read(Ask(lane, Asker, "example.com")).Header.ShouldBe(new DnsHeader(0x1234, 0x8005, 1, 0, 0, 0));
        var update = Convert.FromHexString("ABCD28000000000000000000");
        for (var i = 0; i < Rate; i++)
            Respond(Zone, update, lane, Asker, Born).Length.ShouldBe(12);
        Respond(Zone, update, lane, Asker, Born).ShouldBeEmpty();
    }

    [Fact]
    public void Tcp_is_never_limited_and_does_not_use_up_the_rate()
    {
        var lane = Limited();
        for (var i = 0; i < 100; i++)
            Read(Respond(Zone, Query("s3.fleet.test", DnsType.A), lane, Asker, Born, overTcp: true)).Answers.Length.ShouldBe(1);
        Whole(Ask(lane, Asker, "s3.fleet.test"));
    }

    [Fact]
    public void Whoever_can_take_cookies_is_given_one_instead_of_tc_and_with_it_is_never_limited()
    {
        var lane = Limited();
        DnsCookie client = new(42, 0, 0, 0);
        for (var i = 0; i < Rate; i++)
            Whole(AskWith(lane, client));
        AskWith(lane, client).ShouldBeEmpty();
        var slip = Read(AskWith(lane, client));
        slip.Rcode.ShouldBe(DnsRcode.BadCookie);
        slip.Header.IsTruncated.ShouldBeFalse();
        slip.Answers.ShouldBeEmpty();
        for (var i = 0; i < 100; i++)
            Whole(AskWith(lane, slip.Edns!.Value.Cookie!.Value));
        Whole(AskWith(lane, slip.Edns!.Value.Cookie!.Value));
        IsWhole(AskWith(lane, slip.Edns!.Value.Cookie!.Value with { Client = 43 })).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_limited_where_no_rate_is_set_and_a_rate_applies_from_the_next_query_on()
    {
        var lane = new Lane(1);
        for (var i = 0; i < 1000; i++)
            Whole(Ask(lane, Asker, "s3.fleet.test"));
        lane.Rules = lane.Rules with { ResponsesMax = 1 };
        Whole(Ask(lane, Asker, "s3.fleet.test"));
        IsWhole(Ask(lane, Asker, "s3.fleet.test")).ShouldBeFalse();
        lane.Rules = lane.Rules with { ResponsesMax = 0 };
        Whole(Ask(lane, Asker, "s3.fleet.test"));
    }

    [Fact]
    public void Threads_grant_their_part_of_the_rate_each_and_at_least_one_response()
    {
        Lane[] lanes = [.. Enumerable.Range(0, 8).Select(_ => new Lane(1) { Rules = new ServingRules { ResponsesMax = 4, UdpThreads = 8 } })];
        var whole = 0;
        for (var ms = 0; ms < 60_000; ms += 50)
            whole += lanes.Count(lane => IsWhole(Ask(lane, Asker, "s3.fleet.test", ms)));
        whole.ShouldBeInRange(4 * 60, (4 * 60) + 8);
    }

    [Fact]
    public void A_flood_of_light_askers_does_not_free_a_heavy_one()
    {
        var lane = Limited();
        for (var i = 0; i < Rate; i++)
            Whole(Ask(lane, Asker, "s3.fleet.test"));
        for (var i = 0; i < 200_000; i++)
            Ask(lane, [10, (byte)(i >> 16), (byte)(i >> 8), (byte)i], "s3.fleet.test");
        for (var i = 0; i < 100; i++)
        {
            for (var j = 0; j < 50; j++)
                Ask(lane, [11, (byte)i, (byte)j, 1], "s3.fleet.test", i);
            IsWhole(Ask(lane, Asker, "s3.fleet.test", i)).ShouldBeFalse();
        }
    }

    private static Lane Limited() => new(1)
    {
        Rules = new ServingRules { ResponsesMax = Rate, Cookies = new CookieKeys(new SipKey(1, 2), null, 0) },
    };

    private static byte[] Ask(Lane lane, byte[] asker, string name, int ms = 0, DnsType type = DnsType.A) =>
        Respond(Zone, Query(name, type), lane, asker, Born + TimeSpan.FromMilliseconds(ms));

    private static byte[] AskWith(Lane lane, DnsCookie cookie) =>
        Respond(Zone, Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null) { Cookie = cookie }), lane, Asker, Born);

    private static bool IsWhole(byte[] reply) => reply.Length > 0 && !Read(reply).Header.IsTruncated;

    private static void Whole(byte[] reply) => IsWhole(reply).ShouldBeTrue(Convert.ToHexString(reply));
}
