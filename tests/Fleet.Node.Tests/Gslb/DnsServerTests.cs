using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb;
using Fleet.Shared.Dns;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;
using static Fleet.Node.Tests.Gslb.Servers;

namespace Fleet.Node.Tests.Gslb;

/// <summary>The listeners, over real loopback sockets.</summary>
public class DnsServerTests
{
    /// <summary>An address where no other test can snatch a port between its release and its next use.</summary>
    private static readonly IPEndPoint OwnAddress = new(IPAddress.Parse("127.53.7.1"), 0);

    [Theory]
    [InlineData(UdpPath.Fastest, "127.0.0.1")]
    [InlineData(UdpPath.Portable, "127.0.0.1")]
    [InlineData(UdpPath.Fastest, "::1")]
    [InlineData(UdpPath.Portable, "::1")]
    internal async Task Udp_answers_and_counts(UdpPath path, string address)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path }, new IPEndPoint(IPAddress.Parse(address), 0));
        for (ushort id = 1; id <= 20; id++)
        {
            var reply = Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A, id);
            reply.Header.Id.ShouldBe(id);
            reply.Answers.Single().Address!.ToString().ShouldBe("203.0.113.5");
        }

        using var socket = Asker.OpenUdp(server.Endpoint);
        socket.Send([1, 2, 3]); // dropped
        socket.Send(Convert.FromHexString("ABCD80000001000000000000")); // a response: dropped
        socket.Send(Convert.FromHexString("ABCD00000001000000000000")); // malformed
        Convert.ToHexString(Asker.Receive(socket)).ShouldBe("ABCD80010000000000000000");
        await Eventually(() => server.Counters == new DnsCounters(23, 21, 2, 1), () => server.Counters.ToString());
    }

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task A_burst_is_answered_message_by_message_to_each_asker(UdpPath path)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path });
        Socket[] askers = [.. Enumerable.Range(0, 8).Select(_ => Asker.OpenUdp(server.Endpoint))];
        try
        {
            for (var i = 0; i < 50; i++)
            {
                for (var asker = 0; asker < askers.Length; asker++)
                    askers[asker].Send(Zones.Query(i % 2 == 0 ? "s3.fleet.test" : "absent.fleet.test", DnsType.A, id: (ushort)((asker << 8) | i)));
            }

            for (var asker = 0; asker < askers.Length; asker++)
            {
                var ids = new List<int>();
                for (var i = 0; i < 50; i++)
                {
                    var reply = Zones.Read(Asker.Receive(askers[asker]));
                    reply.Rcode.ShouldBe((reply.Header.Id & 1) == 0 ? DnsRcode.NoError : DnsRcode.NxDomain);
                    ids.Add(reply.Header.Id);
                }

                ids.Order().ShouldBe(Enumerable.Range(asker << 8, 50));
            }
        }
        finally
        {
            foreach (var asker in askers)
                asker.Dispose();
        }
    }

    [Fact]
    public async Task Before_the_first_map_the_answer_is_servfail()
    {
        await using var server = new DnsServer(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        server.Start(AnyPort);
        Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.ServFail);
    }

    [Fact]
    public async Task A_second_server_on_the_same_address_is_an_error()
    {
        await using var server = Started();
        await using var second = new DnsServer(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        Should.Throw<SocketException>(() => second.Start(server.Endpoint)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
        Asker.Ask(server.Endpoint, "s3.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_udp_port_taken_by_another_program_is_an_error_and_leaves_tcp_free()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(OwnAddress);
        var taken = (IPEndPoint)other.LocalEndPoint!;
        await using var server = new DnsServer(new DnsServerOptions(), MonotonicClock.System, NullLogger<DnsServer>.Instance);
        Should.Throw<SocketException>(() => server.Start(taken)).SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
        other.Dispose();
        server.Start(taken);
        server.Endpoint.ShouldBe(taken);
    }

    [Fact]
    public async Task A_stopped_server_gives_its_port_back_and_closes_its_connections()
    {
        var server = Started(endpoint: OwnAddress);
        var endpoint = server.Endpoint;
        using var client = Asker.OpenTcp(endpoint);
        client.GetStream().Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A)));
        Asker.ReadFrame(client.GetStream()).ShouldNotBeEmpty();
        await server.DisposeAsync();
        Asker.IsClosed(client.GetStream()).ShouldBeTrue();
        await using var next = Started(endpoint: endpoint);
        Asker.Ask(endpoint, "s3.fleet.test", DnsType.A).Answers.Length.ShouldBe(1);
    }
}
