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
    /// Answers queries in rounds of 100 until one has passed without an allocation: what an answer allocates, every round would; what the runtime does once (a method compiled
    /// again), one or two. Returns how many got no reply.
    /// </summary>
    private static int Respond(string name, DnsType type, int ratePerSecond)
    {
        ZoneSnapshot zone = Zones.Usual();
        byte[] query = Zones.Query(name, type, new Edns(1232, 0, 0, false, ClientSubnet.Of(IPAddress.Loopback, 24)) { Cookie = new DnsCookie(1, 0, 0, 0) });
        byte[] answer = new byte[1232];
        var lane = new Lane(1)
        {
            Rules = new ServingRules { Cookies = new CookieKeys(new SipKey(1, 2), null, 0), ResponsesMax = ratePerSecond, QueryLog = 0.5 },
        };
        int unanswered = 0;
        long allocated = long.MaxValue;
        for (int round = 0; round < 10 && (round < 2 || allocated > 0); round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                if (Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], false, Zones.Born), lane) == 0)
                    unanswered++;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        allocated.ShouldBe(0);
        return unanswered;
    }
}
