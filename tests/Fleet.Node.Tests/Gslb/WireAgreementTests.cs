using Fleet.Node.Gslb;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Servers;

namespace Fleet.Node.Tests.Gslb;

/// <summary>What the responder says is what arrives: the same octets over both UDP paths and TCP.</summary>
public class WireAgreementTests
{
    private const string S3 = "02733305666C656574047465737400"; // s3.fleet.test

    private static readonly string[] Queries =
    [
        "ABCD01000001000000000000" + "02533305666C656554047465737400" + "00010001", // S3.fleeT.test
        "ABCD00000001000000000000" + S3 + "001C0001",
        "ABCD00000001000000000000" + "0461626364" + S3[6..] + "00010001", // NXDOMAIN
        "ABCD00000001000000000000" + "026572" + S3[6..] + "00010001", // er.fleet.test: an empty non-terminal
        "ABCD00000001000000000000" + S3[6..] + "00060001",
        "ABCD00000001000000000000" + S3[6..] + "00020001",
        "ABCD00000001000000000000" + S3 + "00FF0001",
        "ABCD00000001000000000000" + S3 + "00010003",
        "ABCD00000001000000000000" + "07657861" + "6D706C6503636F6D00" + "00010001", // example.com
        "ABCD00000001000000000001" + S3 + "00010001" + "00" + "0029" + "0100" + "00008000" + "0000",
        "ABCD00000001000000000001" + S3 + "00010001" + "00" + "0029" + "04D0" + "00010000" + "0000",
        "ABCD00000001000000000001" + S3 + "00010001" + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011800C00002",
        "ABCD00000001000000000001" + S3 + "00010001" + "00" + "0029" + "04D0" + "00000000" + "000B" + "00080007" + "00011700C00003",
        "ABCD28000001000000000000" + S3 + "00060001",
        "ABCD00000001000000000000" + "C00C" + "00010001",
        "ABCD00000000000000000000",
        "ABCD00000001000000000000" + S3 + "00FC0001",
    ];

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task Udp_and_tcp_carry_what_the_responder_writes(UdpPath path)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path });
        using var client = Asker.OpenTcp(server.Endpoint);
        foreach (var hex in Queries)
        {
            var query = Convert.FromHexString(hex);
            Convert.ToHexString(Asker.OverUdp(server.Endpoint, query)).ShouldBe(Convert.ToHexString(Zones.Respond(Zones.Usual(), query)), hex);
            client.GetStream().Write(Asker.Frame(query));
            Convert.ToHexString(Asker.ReadFrame(client.GetStream()))
                .ShouldBe(Convert.ToHexString(Zones.Respond(Zones.Usual(), query, overTcp: true)), hex);
        }
    }

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task What_is_truncated_at_each_payload_limit_comes_whole_over_tcp(UdpPath path)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path });
        using var client = Asker.OpenTcp(server.Endpoint);
        foreach (var payload in (int[])[0, 511, 512, 1000, 1070, 1071, 1232, 4096, 65_535])
        {
            var query = Zones.Query("many.fleet.test", DnsType.A, new Edns((ushort)payload, 0, 0, false, null));
            var wire = Asker.OverUdp(server.Endpoint, query);
            wire.Length.ShouldBeLessThanOrEqualTo(Math.Clamp(payload, 512, 1232));
            Zones.Read(wire).Header.IsTruncated.ShouldBe(payload < 12 + 21 + (64 * 16) + 11, $"payload {payload}");
            client.GetStream().Write(Asker.Frame(query));
            var whole = Zones.Read(Asker.ReadFrame(client.GetStream()));
            whole.Answers.Length.ShouldBe(64);
            whole.Header.IsTruncated.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task A_datagram_longer_than_the_room_for_queries_harms_nobody(UdpPath path)
    {
        await using var server = Started(new DnsServerOptions { UdpPath = path });
        using var socket = Asker.OpenUdp(server.Endpoint);
        var huge = new byte[60_000];
        Zones.Query("s3.fleet.test", DnsType.A, id: 1).CopyTo(huge, 0);
        for (var i = 0; i < 10; i++)
            socket.Send(huge);
        socket.Send(Zones.Query("s3.fleet.test", DnsType.A, id: 2));
        DnsReply reply;
        do
        {
            reply = Zones.Read(Asker.Receive(socket));
            reply.Rcode.ShouldBe(reply.Header.Id == 1 ? DnsRcode.FormErr : DnsRcode.NoError);
        }
        while (reply.Header.Id != 2);
    }
}
