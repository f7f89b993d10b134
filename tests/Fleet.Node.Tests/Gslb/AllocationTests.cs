using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb;

public class AllocationTests
{
    [Theory]
    [InlineData("s3.fleet.test", DnsType.A)]
    [InlineData("many.fleet.test", DnsType.A)]
    [InlineData("dual.fleet.test", DnsType.Aaaa)]
    [InlineData("absent.fleet.test", DnsType.A)]
    [InlineData("map.fleet.test", DnsType.Txt)]
    [InlineData("fleet.test", DnsType.Ns)]
    [InlineData("example.com", DnsType.A)]
    public void An_answer_allocates_nothing(string name, DnsType type)
    {
        Respond(name, type, 1_000_000).ShouldBe(0);
        Respond(name, type, 1).ShouldBeGreaterThan(50); // unanswered, by the rate
    }

    /// <summary>
    /// The first round of a thread that allocates a little, and is interrupted by a collection, looks as if it had allocated much more.
    /// </summary>
    [Fact]
    public void A_collection_of_another_thread_is_not_counted_for_long()
    {
        var rounds = 0;
        Allocations.OfOneRound(() =>
        {
            var collecting = rounds++ < 3 ? Task.Run(GC.Collect) : Task.CompletedTask;
            collecting.GetAwaiter().GetResult();
        }).ShouldBe((0L, 4));
        Allocations.OfOneRound(() => GC.KeepAlive(new byte[1])).Bytes.ShouldBeGreaterThan(0);
    }

    /// <summary>Answers queries in rounds of 100 and returns how many got no reply.</summary>
    private static int Respond(string name, DnsType type, int ratePerSecond)
    {
        var zone = Zones.Usual();
        var query = Zones.Query(
            name, type, new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Loopback, 24)) { Cookie = new DnsCookie(1, 0, 0, 0) });
        var answer = new byte[1232];
        var lane = new Lane(1)
        {
            Rules = new ServingRules { Cookies = new CookieKeys(new SipKey(1, 2), null, 0), ResponsesMax = ratePerSecond, QueryLog = 0.5 },
        };
        var unanswered = 0;
        Allocations.OfOneRound(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                if (Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], false, Zones.Born), lane) == 0)
                    unanswered++;
            }
        }).Bytes.ShouldBe(0);
        return unanswered;
    }
}
