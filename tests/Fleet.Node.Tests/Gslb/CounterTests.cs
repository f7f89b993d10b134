using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>What is counted, and what is logged.</summary>
public class CounterTests
{
    private static readonly ZoneSnapshot Zone = Usual();

    [Fact]
    public void Every_query_counts_as_exactly_one_kind()
    {
        var lane = new Lane(1);
        (byte[] Query, Counter Kind)[] cases =
        [
            (Query("s3.fleet.test", DnsType.A), Counter.Answered),
            (Query("s3.fleet.test", DnsType.Txt), Counter.NoData),
            (Query("absent.fleet.test", DnsType.A), Counter.NameError),
            (Query("example.com", DnsType.A), Counter.Refused),
            (Query("s3.fleet.test", DnsType.Opt), Counter.Malformed),
            (Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 1, false, null)), Counter.Malformed),
            (Convert.FromHexString("ABCD28000000000000000000"), Counter.NotImplemented),
            (Convert.FromHexString("ABCD80000000000000000000"), Counter.Unanswerable),
            ([1, 2, 3], Counter.Unanswerable),
        ];
        foreach ((var query, var kind) in cases)
        {
            var before = CountOf(lane, kind);
            var all = All(lane);
            Respond(Zone, query, lane, [127, 0, 0, 1], Born);
            CountOf(lane, kind).ShouldBe(before + 1);
            All(lane).ShouldBe(all + 1);
        }

        Respond(null, Query("s3.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born);
        CountOf(lane, Counter.NotReady).ShouldBe(1);
        Respond(Zone, Query("many.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born);
        Respond(Zone, Query("many.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born, overTcp: true);
        (CountOf(lane, Counter.Truncated), CountOf(lane, Counter.OverTcp), CountOf(lane, Counter.Answered)).ShouldBe((1, 1, 3));
    }

    [Fact]
    public void Names_count_their_queries_and_every_address_given_out()
    {
        var lane = new Lane(1);
        for (var i = 0; i < 100; i++)
        {
            Respond(Zone, Query("MANY.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born, overTcp: true);
            Respond(Zone, Query("dual.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born);
            Respond(Zone, Query("dual.fleet.test", DnsType.Aaaa), lane, [127, 0, 0, 1], Born);
            Respond(Zone, Query("dual.fleet.test", DnsType.Txt), lane, [127, 0, 0, 1], Born);
            Respond(Zone, Query("many.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born); // truncated: nothing is given out
            Respond(Zone, Query("absent.fleet.test", DnsType.A), lane, [127, 0, 0, 1], Born);
        }

        lane.Names.Queries(Name("many.fleet.test").Wire).ShouldBe(200);
        for (byte i = 1; i <= 64; i++)
            lane.Names.Given(Name("many.fleet.test").Wire, [198, 51, 100, i]).ShouldBe(100);
        lane.Names.Queries(Name("dual.fleet.test").Wire).ShouldBe(300);
        lane.Names.Given(Name("dual.fleet.test").Wire, IPAddress.Parse("203.0.113.6").GetAddressBytes()).ShouldBe(100);
        lane.Names.Given(Name("dual.fleet.test").Wire, IPAddress.Parse("2001:db8::6").GetAddressBytes()).ShouldBe(100);
        lane.Names.Queries(Name("absent.fleet.test").Wire).ShouldBe(0);
        lane.Names.Given(Name("many.fleet.test").Wire, [203, 0, 113, 6]).ShouldBe(0);
    }

    [Fact]
    public void Ten_thousand_names_are_counted_each_for_itself_and_counting_them_again_allocates_nothing()
    {
        var zone = Snapshot(
            [.. Enumerable.Range(0, 10_000).Select(i => Balanced($"n{i}.fleet.test", $"203.0.{i >> 8}.{i & 0xFF}", $"10.0.{i >> 8}.{i & 0xFF}"))]);
        byte[][] queries = [.. Enumerable.Range(0, 10_000).Select(i => Query($"n{i}.fleet.test", DnsType.A))];
        var lane = new Lane(1);
        var answer = new byte[1232];
        (var allocated, var rounds) = Allocations.OfOneRound(() =>
        {
            foreach (var query in queries)
                Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], false, Born), lane);
        });

        allocated.ShouldBe(0);
        for (var i = 0; i < 10_000; i++)
        {
            lane.Names.Queries(Name($"n{i}.fleet.test").Wire).ShouldBe(rounds);
            lane.Names.Given(Name($"n{i}.fleet.test").Wire, [203, 0, (byte)(i >> 8), (byte)i]).ShouldBe(rounds);
        }
    }

    [Fact]
    public void A_logged_query_tells_networks_name_type_and_reply()
    {
        var lane = new Lane(1) { Rules = new ServingRules { QueryLog = 1 } };
        Respond(
            Zone,
            Query("S3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Parse("203.0.113.77"), 32))),
            lane,
            [192, 0, 2, 99],
            Born);
        Respond(Zone, Query("absent.fleet.test", (DnsType)65), lane, IPAddress.Parse("2001:db8:1:2ff::1").GetAddressBytes(), Born, overTcp: true);
        Respond(Zone, Convert.FromHexString("ABCD00000000000000000000"), lane, [192, 0, 2, 99], Born);
        lane.Log!.Take()!.ToString().ShouldBe("192.0.2.0/24 udp s3.fleet.test A NOERROR 1 ecs 203.0.113.0/24");
        lane.Log.Take()!.ToString().ShouldBe("2001:db8:1:200::/56 tcp absent.fleet.test TYPE65 NXDOMAIN 0");
        lane.Log.Take()!.ToString().ShouldBe("192.0.2.0/24 udp - NONE FORMERR 0");
        lane.Log.Take().ShouldBeNull();
    }

    [Fact]
    public void The_log_gets_its_part_of_the_queries()
    {
        var lane = new Lane(1) { Rules = new ServingRules { QueryLog = 0.05 } };
        var logged = 0;
        for (var i = 0; i < 100_000; i++)
        {
            Respond(Zone, Query("s3.fleet.test", DnsType.A), lane, [192, 0, 2, 99], Born, room: 512);
            logged += lane.Log!.Take() is null ? 0 : 1;
        }

        logged.ShouldBeInRange(4_700, 5_300);
        CountOf(lane, Counter.Unlogged).ShouldBe(0);
    }

    [Fact]
    public void A_log_that_nobody_reads_drops_and_counts_and_holds_nobody_up()
    {
        var lane = new Lane(1) { Rules = new ServingRules { QueryLog = 1 } };
        for (var i = 0; i < 1000; i++)
            Respond(Zone, Query("s3.fleet.test", DnsType.A, id: (ushort)i), lane, [192, 0, 2, 99], Born).ShouldNotBeEmpty();
        CountOf(lane, Counter.Unlogged).ShouldBe(1000 - 256);
        var logged = 0;
        while (lane.Log!.Take() is not null)
            logged++;
        logged.ShouldBe(256);
        Respond(Zone, Query("s3.fleet.test", DnsType.A), lane, [192, 0, 2, 99], Born);
        lane.Log.Take().ShouldNotBeNull();
    }

    private static long All(Lane lane)
    {
        long all = 0;
        for (var counter = Counter.Answered; counter <= Counter.Slipped; counter++)
            all += CountOf(lane, counter);
        return all;
    }
}
