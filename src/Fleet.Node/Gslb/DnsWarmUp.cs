using System.Net;
using System.Security.Cryptography;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb;

/// <summary>Asks a zone of its own a few questions, so that the first real query does not wait 7 ms for the compiler.</summary>
internal static class DnsWarmUp
{
    private const int Rounds = 50;

    /// <summary>Runs every path of the responder once and the usual ones often; takes a few milliseconds.</summary>
    public static void Run()
    {
        var zone = DnsName.Parse("warm.invalid");
        ZoneSnapshot snapshot = new(
            new ZoneContent
            {
                Zone = zone,
                Version = MapVersion.None,
                NegativeTtlSeconds = 0,
                Mailbox = zone,
                Names =
                [
                    new BalancedName(
                        DnsName.Parse("a.warm.invalid"), 0, 2, [new(IPAddress.Loopback, 1), new(IPAddress.Any, 2), new(IPAddress.IPv6Loopback, 1)]),
                ],
                NameServers = [new NameServer(DnsName.Parse("ns.warm.invalid"), IPAddress.Loopback)],
            },
            default);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = KeyRing.Create([ZoneKey.FromPair(zone, DnsKey.KeySigningFlags, new KeyTimes { Activate = 0 }, pair)], 0, salt: 0);
        var subnet = new Edns(Edns.PayloadSafe, 0, 0, false, ClientSubnet.Truncate(IPAddress.Loopback, 24));
        (string Name, DnsType Type, Edns? Edns)[] questions =
        [
            ("a.warm.invalid", DnsType.A, subnet), ("a.warm.invalid", DnsType.Aaaa, null), ("a.warm.invalid", DnsType.Any, null),
            ("b.warm.invalid", DnsType.A, subnet),
            ("warm.invalid", DnsType.Ns, null),
            ("map.warm.invalid", DnsType.Txt, null),
            ("invalid", DnsType.A, null),
            ("a.warm.invalid", DnsType.A, subnet with { DnssecOk = true }), ("b.warm.invalid", DnsType.A, subnet with { DnssecOk = true }),
        ];
        var lane = new Lane(1);
        var query = new byte[DnsQuery.SizeMax];
        var answer = new byte[Edns.PayloadSafe];
        foreach ((var name, var type, var edns) in questions)
        {
            var length = new DnsQuery(0, DnsName.Parse(name), type) { Edns = edns }.Write(query);
            for (var i = 0; i < Rounds; i++)
                Responder.Respond(
                    snapshot, query.AsSpan(0, length), answer, new Arrival([127, 0, 0, 1], overTcp: false, default) { Keys = keys }, lane);
        }
    }
}
