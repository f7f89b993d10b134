using Fleet.Node.Gslb;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Packets that are nearly queries: no exception, no reply to a response, and every reply readable and within its limit.</summary>
public class FuzzTests
{
    private const int Packets = 1_000_000;
    private const int Datagrams = 10_000;
    private const int Burst = 32;

    [Fact]
    public void A_million_mutated_packets_get_a_readable_reply_within_bounds_or_none_at_all()
    {
        var zone = Usual();
        var lane = new Lane(1) { Rules = new ServingRules { Cookies = new CookieKeys(new SipKey(1, 2), null, 0) } };
        var packet = new byte[Mutation.SizeMax];
        var answer = new byte[65_535];
        var rcodes = new int[16];
        var silent = 0;
        for (var i = 0; i < Packets; i++)
        {
            var seed = (ulong)i;
            ReadOnlySpan<byte> query = packet.AsSpan(0, Mutation.Write(seed, packet));
            var overTcp = i % 4 == 0;
            var length = Respond(zone, query, answer, overTcp, lane, seed);
            if (length == 0)
                silent++;
            else
                rcodes[answer[3] & 0xF]++;
            if (Complaint(query, answer.AsSpan(0, length), overTcp) is { } complaint)
                Assert.Fail($"{complaint}; {Replay(seed, query)}, reply {Convert.ToHexString(answer.AsSpan(0, length))}");
        }

        // Every kind of outcome was met, or the mutations are too tame to prove anything.
        silent.ShouldBeGreaterThan(Packets / 1000);
        foreach (var rcode in (DnsRcode[])[DnsRcode.NoError, DnsRcode.FormErr, DnsRcode.NxDomain, DnsRcode.NotImp, DnsRcode.Refused])
            rcodes[(int)rcode].ShouldBeGreaterThan(Packets / 1000, $"{rcode}");
        foreach (var counter in (Counter[])[Counter.CookieNew, Counter.CookieBad, Counter.Truncated, Counter.NoData])
            CountOf(lane, counter).ShouldBeGreaterThan(Packets / 1000, $"{counter}");
    }

    [Theory]
    [InlineData(UdpPath.Fastest)]
    [InlineData(UdpPath.Portable)]
    internal async Task Mutated_datagrams_are_replied_to_or_not_and_the_server_goes_on(UdpPath path)
    {
        await using var server = Servers.Started(new DnsServerOptions { UdpPath = path });
        using var socket = Asker.OpenUdp(server.Endpoint);
        var packet = new byte[Mutation.SizeMax];
        for (var i = 0; i < Datagrams; i += Burst)
        {
            for (var j = 0; j < Burst; j++)
                socket.Send(packet.AsSpan(0, Mutation.Write((ulong)(Packets + i + j), packet)));
            socket.Send(Query("s3.fleet.test", (DnsType)0xFFF0, id: 0xFEED));
            while (true)
            {
                var reply = Asker.Receive(socket);
                DnsReply.TryRead(reply, out var read).ShouldBeTrue($"packets from {Packets + i}: reply {Convert.ToHexString(reply)}");
                if (read!.QuestionType == (DnsType)0xFFF0 && read.Header.Id == 0xFEED)
                    break;
            }
        }
    }

    private static int Respond(ZoneSnapshot zone, ReadOnlySpan<byte> query, byte[] answer, bool overTcp, Lane lane, ulong seed)
    {
        try
        {
            return Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], overTcp, Born), lane);
        }
        catch (Exception thrown)
        {
            throw new InvalidOperationException(Replay(seed, query), thrown);
        }
    }

    /// <summary>What is wrong with a reply, or null.</summary>
    private static string? Complaint(ReadOnlySpan<byte> query, ReadOnlySpan<byte> reply, bool overTcp)
    {
        var mustBeSilent = query.Length < DnsHeader.Size || (query[2] & 0x80) != 0;
        if (mustBeSilent || reply.IsEmpty)
            return mustBeSilent == reply.IsEmpty ? null : mustBeSilent ? "a reply to what is no query" : "no reply";
        if (!DnsReply.TryRead(reply, out var read))
            return "an unreadable reply";
        if (!read.Header.IsResponse || !query[..2].SequenceEqual(reply[..2]) || ((query[2] ^ reply[2]) & 0x79) != 0)
            return "another id, opcode or RD";
        if (read.QuestionWire.Length > 0
            && !reply[DnsHeader.Size..(DnsHeader.Size + read.QuestionWire.Length + 4)].SequenceEqual(
                query[DnsHeader.Size..(DnsHeader.Size + read.QuestionWire.Length + 4)]))
            return "another question";
        var asked = DnsReply.TryRead(query, out var whole) ? whole.Edns : null;
        int limit = overTcp ? ushort.MaxValue
            : asked is { } opt ? Math.Clamp(opt.PayloadMax, Edns.PayloadPlain, Edns.PayloadSafe)
            : read.Edns is null ? Edns.PayloadPlain : Edns.PayloadSafe;
        if (reply.Length > limit)
            return $"{reply.Length} octets where {limit} are the limit";
        return read.Header.IsTruncated && (overTcp || read.Answers.Length > 0) ? "truncated over TCP, or in the middle" : null;
    }

    private static string Replay(ulong seed, ReadOnlySpan<byte> query) => $"seed {seed}, packet {Convert.ToHexString(query)}";
}
