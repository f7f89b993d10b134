using System.Net;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Zones to ask, and ways to ask them without a socket.</summary>
internal static class Zones
{
    public static readonly Instant Born = new(5_000_000);

    public static DnsName Name(string text) => DnsName.Parse(text);

    public static BalancedName Balanced(string name, params string[] addresses) =>
        new(Name(name), 0, 4, [.. addresses.Select(address => new Candidate(IPAddress.Parse(address), 1))]);

    public static ZoneContent Content(params BalancedName[] names) => new()
    {
        Zone = Name("fleet.test"),
        Version = new MapVersion(3, 42),
        NegativeTtlSeconds = 5,
        Mailbox = Name("hostmaster.fleet.test"),
        Names = [.. names],
        NameServers =
        [
            new NameServer(Name("adc-1.fleet.test"), IPAddress.Parse("192.0.2.1")),
            new NameServer(Name("adc-2.fleet.test"), IPAddress.Parse("2001:db8::2")),
        ],
    };

    public static ZoneSnapshot Snapshot(params BalancedName[] names) => new(Content(names), Born);

    public static ZoneSnapshot Usual() => Snapshot(UsualNames());

    public static BalancedName[] UsualNames() =>
    [
        Balanced("s3.fleet.test", "203.0.113.5"),
        Balanced("dual.fleet.test", "203.0.113.6", "2001:db8::6"),
        Balanced("deep.er.fleet.test", "203.0.113.7"),
        Balanced("down.fleet.test"),
        new BalancedName(
            Name("many.fleet.test"), 30, 64, [.. Enumerable.Range(1, 64).Select(i => new Candidate(new IPAddress([198, 51, 100, (byte)i]), i))]),
    ];

    /// <summary>The reply's octets; empty where none would be sent.</summary>
    public static byte[] Respond(ZoneSnapshot? zone, byte[] query, bool overTcp = false, ulong seed = 1, int room = 65_535) =>
        Respond(zone, query, new Lane(seed), [127, 0, 0, 1], Born + TimeSpan.FromMilliseconds(1234), overTcp, room);

    /// <summary>The reply's octets to an asker at <paramref name="source"/>, by a lane that remembers.</summary>
    public static byte[] Respond(ZoneSnapshot? zone, byte[] query, Lane lane, byte[] source, Instant now, bool overTcp = false, int room = 65_535)
    {
        var answer = new byte[room];
        var length = Responder.Respond(zone, query, answer, new Arrival(source, overTcp, now), lane);
        return answer[..length];
    }

    public static long CountOf(Lane lane, Counter counter)
    {
        var sums = new long[Enum.GetValues<Counter>().Length];
        lane.AddTo(sums);
        return sums[(int)counter];
    }

    /// <summary>The reply to somebody at that address.</summary>
    public static byte[] Respond(ZoneSnapshot? zone, byte[] query, byte[] source) => Respond(zone, query, new Lane(1), source, Born);

    public static byte[] Query(string name, DnsType type, Edns? edns = null, ushort id = 0x1234)
    {
        var buffer = new byte[DnsQuery.SizeMax];
        var length = new DnsQuery(id, Name(name), type) { Edns = edns }.Write(buffer);
        return buffer[..length];
    }

    public static DnsReply Read(byte[] octets)
    {
        DnsReply.TryRead(octets, out var reply).ShouldBeTrue(Convert.ToHexString(octets));
        return reply!;
    }

    public static DnsReply Ask(ZoneSnapshot? zone, string name, DnsType type, Edns? edns = null, bool overTcp = false, ulong seed = 1) =>
        Read(Respond(zone, Query(name, type, edns), overTcp, seed));

    public static string[] Lines(IEnumerable<DnsRecord> records) => [.. records.Select(record => record.ToString())];
}
