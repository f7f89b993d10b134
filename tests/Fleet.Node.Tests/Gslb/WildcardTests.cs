using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fleet.Node.Gslb;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Servers;

namespace Fleet.Node.Tests.Gslb;

/// <summary>A server bound to any address answers from the one that was asked: an asker with a connected socket hears nothing else.</summary>
public class WildcardTests
{
    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1", UdpPath.Fastest)]
    [InlineData("0.0.0.0", "127.0.0.2", UdpPath.Fastest)]
    [InlineData("0.0.0.0", "127.99.1.2", UdpPath.Portable)]
    [InlineData("::", "::1", UdpPath.Fastest)]
    [InlineData("::", "127.0.0.2", UdpPath.Fastest)] // IPv4 by a socket of both families
    [InlineData("::", "127.0.0.3", UdpPath.Portable)]
    internal async Task The_answer_comes_from_where_the_question_went(string bound, string asked, UdpPath path)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path }, new IPEndPoint(IPAddress.Parse(bound), 0));
        var at = new IPEndPoint(IPAddress.Parse(asked), server.Endpoint.Port);
        using var socket = Asker.OpenUdp(at); // connected: the kernel drops what comes from another address
        for (ushort id = 0; id < 100; id++)
            socket.Send(Zones.Query("s3.fleet.test", DnsType.A, id: id));
        for (ushort id = 0; id < 100; id++)
            Zones.Read(Asker.Receive(socket)).Header.Id.ShouldBe(id);
        using var tcp = Asker.OpenTcp(at);
        tcp.GetStream().Write(Asker.Frame(Zones.Query("s3.fleet.test", DnsType.A)));
        Zones.Read(Asker.ReadFrame(tcp.GetStream())).Answers.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Many_addresses_are_asked_at_once_and_none_is_mixed_up()
    {
        await using var server = Started(endpoint: new IPEndPoint(IPAddress.Any, 0));
        Socket[] askers =
        [
            .. Enumerable.Range(1, 20).Select(i => Asker.OpenUdp(new IPEndPoint(new IPAddress([127, 0, 7, (byte)i]), server.Endpoint.Port))),
        ];
        try
        {
            for (var round = 0; round < 20; round++)
            {
                for (var i = 0; i < askers.Length; i++)
                    askers[i].Send(Zones.Query("s3.fleet.test", DnsType.A, id: (ushort)((i << 8) | round)));
            }

            for (var i = 0; i < askers.Length; i++)
            {
                for (var round = 0; round < 20; round++)
                    (Zones.Read(Asker.Receive(askers[i])).Header.Id >> 8).ShouldBe(i);
            }
        }
        finally
        {
            foreach (var asker in askers)
                asker.Dispose();
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)] // nothing came
    [InlineData(8, 28, 0, 8)] // half a header
    [InlineData(32, 64, 0, 8)] // longer than what came
    [InlineData(32, 20, 0, 8)] // too short for what it is
    [InlineData(32, 28, 1, 8)] // another level
    [InlineData(32, 28, 0, 2)] // another type
    public void Control_data_that_is_not_known_is_not_given_back(int octets, long length, int level, int type)
    {
        var control = new byte[40];
        MemoryMarshal.Write(control, length);
        MemoryMarshal.Write(control.AsSpan(8), level);
        MemoryMarshal.Write(control.AsSpan(12), type);
        PacketInfo.Reverse(control.AsSpan(0, octets)).ShouldBe(0);
    }
}
