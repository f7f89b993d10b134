using System.Security.Cryptography;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;
using Fleet.Shared.Gslb;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>Zones with keys, and ways to ask them as a validating resolver would.</summary>
internal static class SignedZones
{
    public const long Now = 1_900_000_000;

    public static readonly DnsName Apex = DnsName.Parse("fleet.test");

    /// <summary>Active since an hour, and offered to the parent.</summary>
    public static readonly KeyTimes Working = new() { Created = Now - 3600, Publish = Now - 3600, Activate = Now - 3600, SyncPublish = Now - 3600 };

    public static readonly ZoneKey KeySigning = NewKey(DnsKey.KeySigningFlags, Working);

    public static readonly ZoneKey ZoneSigning = NewKey(DnsKey.ZoneSigningFlags, Working);

    public static readonly Edns Dnssec = new(1232, 0, 0, DnssecOk: true, null);

    /// <summary>The usual names, records of every type beside them, and a zone within the zone.</summary>
    public static readonly ZoneSnapshot Rich = new(
        Zones.Content(Zones.UsualNames()) with
        {
            MoreZones = [new ZoneApex(DnsName.Parse("sub.fleet.test"), DnsName.Parse("hostmaster.sub.fleet.test"))],
            Plain = PlainRecords.ForZone(GslbZone.Default with
            {
                Name = "fleet.test",
                Zones = ["sub.fleet.test"],
                Records =
                [
                    "alias 5m CNAME S3",
                    "out 5m CNAME www.example.net.",
                    "@ 5m MX 10 Mail",
                    "@ 5m MX 20 mail.Example.net.",
                    "@ 1h CAA 0 issue \"ca.example.net\"",
                    "_s3._tcp 1m SRV 1 2 443 s3",
                    "text 1m TXT \"one two\" three",
                    "text 1m TXT alpha",
                    "back 1m PTR S3",
                    "www 1m A 192.0.2.78",
                    "www 1m A 192.0.2.77",
                    "www 1m AAAA 2001:db8::77",
                    "www.sub.fleet.test. 1m A 192.0.2.79", "to-sub 1m CNAME www.sub",
                ],
            }),
        },
        Zones.Born);

    public static ZoneKey NewKey(ushort flags, KeyTimes times, string zone = "fleet.test")
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ZoneKey.FromPair(DnsName.Parse(zone), flags, times, pair);
    }

    public static KeyRing Ring(params ZoneKey[] keys) => KeyRing.Create(keys.Length > 0 ? keys : [KeySigning, ZoneSigning], Now, salt: 7);

    public static byte[] Respond(KeyRing? ring, byte[] query, ZoneSnapshot? zone = null, long utc = Now, ulong seed = 1, bool overTcp = false)
    {
        var answer = new byte[65_535];
        var arrival = new Arrival([127, 0, 0, 1], overTcp, Zones.Born) { Keys = ring, UtcSeconds = utc };
        return answer[..Responder.Respond(zone ?? Zones.Usual(), query, answer, arrival, new Lane(seed))];
    }

    public static DnsReply Ask(
        string name, DnsType type, KeyRing? ring = null, Edns? edns = null, long utc = Now, ulong seed = 1, bool overTcp = false) =>
        Zones.Read(Respond(ring ?? Ring(), Zones.Query(name, type, edns ?? Dnssec), utc: utc, seed: seed, overTcp: overTcp));
}
