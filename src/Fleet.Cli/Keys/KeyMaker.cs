using System.Security.Cryptography;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Cli.Keys;

/// <summary>Makes keys.</summary>
internal static class KeyMaker
{
    /// <summary>
    /// A new key whose tag no key of <paramref name="others"/> has: validators try all keys of a tag, and people and files know keys by their tag.
    /// </summary>
    public static ZoneKey Make(DnsName zone, bool isKeySigning, KeyTimes times, IReadOnlyCollection<ZoneKey> others)
    {
        while (true)
        {
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var key = ZoneKey.FromPair(zone, isKeySigning ? DnsKey.KeySigningFlags : DnsKey.ZoneSigningFlags, times, pair);
            if (others.All(other => other.Key.Tag != key.Key.Tag))
                return key;
        }
    }
}
