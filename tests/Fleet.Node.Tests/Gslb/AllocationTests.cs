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
        ZoneSnapshot zone = Zones.Usual();
        byte[] query = Zones.Query(name, type, new Edns(1232, 0, 0, false, ClientSubnet.Of(IPAddress.Loopback, 24)));
        byte[] answer = new byte[1232];
        var lane = new Lane(1);
        long before = 0;
        int unanswered = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            if (Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], false, Zones.Born), lane) == 0)
                unanswered++;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBe(0);
        unanswered.ShouldBe(0);
    }
}
