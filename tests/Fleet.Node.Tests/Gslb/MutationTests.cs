using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

public class MutationTests
{
    private const int Packets = 300_000;

    [Fact]
    public void Mutated_packets_get_a_readable_reply_within_bounds_or_none_at_all()
    {
        ZoneSnapshot zone = Usual();
        byte[][] seeds =
        [
            Query("s3.fleet.test", DnsType.A),
            Query("many.fleet.test", DnsType.A, new Edns(4096, 0, 0, true, ClientSubnet.Of(IPAddress.Parse("192.0.2.0"), 24))),
            Query("absent.fleet.test", DnsType.Aaaa, new Edns(1232, 0, 0, false, ClientSubnet.Of(IPAddress.Parse("2001:db8::"), 56))),
            Query("fleet.test", DnsType.Ns, new Edns(512, 0, 0, false, null)),
            Query("map.fleet.test", DnsType.Txt),
            Query("example.com", DnsType.Any),
        ];
        var mutator = new Random(482_551);
        var lane = new Lane(1);
        byte[] answer = new byte[65_535];
        var rcodes = new Dictionary<int, int>();
        for (int i = 0; i < Packets; i++)
        {
            bool overTcp = i % 4 == 0;
            byte[] query = Mutate(seeds[i % seeds.Length], mutator);
            int length = Responder.Respond(zone, query, answer, new Arrival([127, 0, 0, 1], overTcp, Born), lane);
            int key = length == 0 ? -1 : answer[3] & 0xF;
            rcodes[key] = rcodes.GetValueOrDefault(key) + 1;
            Check(query, answer.AsSpan(0, length), overTcp, i);
        }

        // Every kind of outcome was met, or the mutations are too tame to prove anything.
        foreach (int key in (int[])[-1, (int)DnsRcode.NoError, (int)DnsRcode.FormErr, (int)DnsRcode.NxDomain, (int)DnsRcode.NotImp, (int)DnsRcode.Refused])
            rcodes.GetValueOrDefault(key).ShouldBeGreaterThan(Packets / 1000, $"rcode {key}");
    }

    private static void Check(byte[] query, ReadOnlySpan<byte> answer, bool overTcp, int packet)
    {
        string where = $"packet {packet}: {Convert.ToHexString(query)}";
        bool mustBeSilent = query.Length < DnsHeader.Size || (query[2] & 0x80) != 0;
        if (answer.IsEmpty || mustBeSilent)
        {
            (answer.IsEmpty && mustBeSilent).ShouldBeTrue(where);
            return;
        }

        if (!overTcp && answer.Length > Edns.PayloadSafe)
            Assert.Fail($"{answer.Length} octets over UDP, {where}");
        if (!DnsReply.TryRead(answer, out DnsReply? reply) || !reply.Header.IsResponse || !query.AsSpan(0, 2).SequenceEqual(answer[..2]))
            Assert.Fail($"unreadable reply {Convert.ToHexString(answer)}, {where}");
        else if (!overTcp && reply.Edns is null && answer.Length > Edns.PayloadPlain)
            Assert.Fail($"{answer.Length} octets without EDNS, {where}");
    }

    private static byte[] Mutate(byte[] seed, Random mutator)
    {
        List<byte> packet = [.. seed];
        for (int times = mutator.Next(0, 6); times > 0; times--)
        {
            int at = mutator.Next(packet.Count + 1);
            switch (mutator.Next(6))
            {
                case 0 when at < packet.Count:
                    packet[at] = (byte)mutator.Next(256);
                    break;
                case 1 when at < packet.Count:
                    packet[at] ^= (byte)(1 << mutator.Next(8));
                    break;
                case 2 when at < packet.Count:
                    packet[at] = (byte)(0xC0 | mutator.Next(4));
                    break;
                case 3:
                    packet.Insert(at, (byte)mutator.Next(256));
                    break;
                case 4 when mutator.Next(3) == 0:
                    packet.RemoveRange(at, packet.Count - at);
                    break;
                default:
                    packet.AddRange(seed.AsSpan(Math.Min(at, seed.Length - 1)));
                    break;
            }
        }

        return [.. packet];
    }
}
