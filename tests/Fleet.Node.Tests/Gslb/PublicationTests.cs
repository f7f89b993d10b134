using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Gslb;

public class PublicationTests
{
    private const int Publications = 300;

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task Under_load_no_query_sent_after_a_publication_is_answered_from_before_it(UdpPath path)
    {
        await using var server = new DnsServer(new DnsServerOptions { UdpPath = path }, MonotonicClock.System, NullLogger<DnsServer>.Instance);
        server.Publish(ZoneOf(0));
        server.Start(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        Task<int>[] load =
        [
            .. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () => Load(server.Endpoint, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];

        Socket[] askers = [.. Enumerable.Range(0, 4).Select(_ => Asker.OpenUdp(server.Endpoint))]; // on several of the server's sockets
        using var tcp = Asker.OpenTcp(server.Endpoint);
        try
        {
            for (var i = 1; i <= Publications; i++)
            {
                server.Publish(ZoneOf(i));
                foreach (var asker in askers)
                    asker.Send(Zones.Query("s3.fleet.test", DnsType.A));
                tcp.GetStream().Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A)));
                foreach (var asker in askers)
                    NumberIn(Asker.Receive(asker)).ShouldBe(i);
                NumberIn(Asker.ReadFrame(tcp.GetStream())).ShouldBe(i);
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var asker in askers)
                asker.Dispose();
        }

        foreach (var answered in await Task.WhenAll(load))
            answered.ShouldBeGreaterThan(0);
    }

    private static ZoneSnapshot ZoneOf(int number) => Zones.Snapshot(Zones.Balanced("s3.fleet.test", $"203.0.{number >> 8}.{number & 0xFF}"));

    private static int NumberIn(byte[] reply)
    {
        var address = Zones.Read(reply).Answers.Single().Address!.GetAddressBytes();
        return (address[2] << 8) | address[3];
    }

    /// <summary>Keeps up to 32 queries under way and checks that each asker sees the numbers only rise.</summary>
    private static int Load(IPEndPoint server, CancellationToken stop)
    {
        using var socket = Asker.OpenUdp(server);
        var query = Zones.Query("s3.fleet.test", DnsType.A);
        var answered = 0;
        var latest = 0;
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < 32; i++)
                socket.Send(query);
            for (var i = 0; i < 32; i++)
            {
                var number = NumberIn(Asker.Receive(socket));
                number.ShouldBeGreaterThanOrEqualTo(latest);
                latest = number;
                answered++;
            }
        }

        return answered;
    }
}
