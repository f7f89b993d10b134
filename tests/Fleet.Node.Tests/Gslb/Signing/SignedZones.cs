using System.Security.Cryptography;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

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

    public static ZoneKey NewKey(ushort flags, KeyTimes times, string zone = "fleet.test")
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ZoneKey.Of(DnsName.Parse(zone), flags, times, pair);
    }

    public static KeyRing Ring(params ZoneKey[] keys) => KeyRing.Of(keys.Length > 0 ? keys : [KeySigning, ZoneSigning], Now, salt: 7);

    public static byte[] Respond(KeyRing? ring, byte[] query, ZoneSnapshot? zone = null, long utc = Now, ulong seed = 1, bool overTcp = false)
    {
        var random = new Xorshift(seed);
        byte[] answer = new byte[65_535];
        var arrival = new Arrival([127, 0, 0, 1], overTcp, Zones.Born) { Keys = ring, UtcSeconds = utc };
        return answer[..Responder.Respond(zone ?? Zones.Usual(), query, answer, arrival, ref random)];
    }

    public static DnsReply Ask(string name, DnsType type, KeyRing? ring = null, Edns? edns = null, long utc = Now, ulong seed = 1, bool overTcp = false) =>
        Zones.Read(Respond(ring ?? Ring(), Zones.Query(name, type, edns ?? Dnssec), utc: utc, seed: seed, overTcp: overTcp));
}
