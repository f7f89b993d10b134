using System.Collections.Immutable;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>The keys of one zone at one moment: which stand in DNS, and which sign.</summary>
internal sealed class ZoneSigning
{
    private readonly byte[] _zone;

    /// <summary>Sorts out what the keys of <paramref name="zone"/> are for at <paramref name="utcSeconds"/>.</summary>
    /// <param name="zone">The apex.</param>
    /// <param name="keys">All its keys, in any state.</param>
    /// <param name="utcSeconds">Seconds since 1970.</param>
    /// <param name="signerOf">Gives the signer of a key; called for those that sign.</param>
    internal ZoneSigning(DnsName zone, IEnumerable<ZoneKey> keys, long utcSeconds, Func<ZoneKey, SigningKey> signerOf)
    {
        _zone = zone.Wire.ToArray();
        ZoneKey[] shown =
        [
            .. keys.Where(key => key.Times.StateAt(utcSeconds) is KeyState.Published or KeyState.Active or KeyState.Retired)
                .OrderBy(key => key.Key.Tag),
        ];
        ZoneKey[] active = [.. shown.Where(key => key.Times.StateAt(utcSeconds) == KeyState.Active)];
        ZoneKey[] offered = [.. shown.Where(key => key.Key.IsKeySigning && key.Times.IsOfferedAt(utcSeconds))];
        KeySigners = [.. OfRole(active, isKeySigning: true).Select(signerOf)];
        ZoneSigners = [.. OfRole(active, isKeySigning: false).Select(signerOf)];
        Keys = Records(DnsType.Dnskey, shown.Select(key => key.Key.ToWire()));
        Ds = Records(DnsType.Ds, offered.Select(key => key.Key.ToDs(zone)));
        Cds = Records(DnsType.Cds, offered.Select(key => key.Key.ToDs(zone)));
        Cdnskey = Records(DnsType.Cdnskey, offered.Select(key => key.Key.ToWire()));
    }

    /// <summary>The apex, canonical.</summary>
    public ReadOnlySpan<byte> Zone => _zone;

    /// <summary>The keys that sign DNSKEY, CDS and CDNSKEY: the active key-signing keys; where there are none, the zone-signing ones.</summary>
    public ImmutableArray<SigningKey> KeySigners { get; }

    /// <summary>The keys that sign everything else: the active zone-signing keys; where there are none, the key-signing ones.</summary>
    public ImmutableArray<SigningKey> ZoneSigners { get; }

    /// <summary>The key set, its owner a pointer to the question.</summary>
    public RecordBytes Keys { get; }

    /// <summary>What stands in the parent zone, where that is one of ours.</summary>
    public RecordBytes Ds { get; }

    /// <summary>What the parent is asked to have as DS (RFC 7344 3.1); perhaps no record.</summary>
    public RecordBytes Cds { get; }

    /// <summary>The same as keys (RFC 7344 3.2).</summary>
    public RecordBytes Cdnskey { get; }

    /// <summary>The keys that sign records of this type.</summary>
    public ImmutableArray<SigningKey> SignersOf(DnsType type) => type is DnsType.Dnskey or DnsType.Cds or DnsType.Cdnskey ? KeySigners : ZoneSigners;

    private static ZoneKey[] OfRole(ZoneKey[] active, bool isKeySigning) =>
        active.Where(key => key.Key.IsKeySigning == isKeySigning).ToArray() is { Length: > 0 } found ? found : active;

    private static RecordBytes Records(DnsType type, IEnumerable<byte[]> data)
    {
        byte[][] records = [.. data.Select(octets => RecordBytes.Encode(type, KeyFileText.TtlSeconds, octets))];
        return new RecordBytes([.. records.SelectMany(record => record)], (ushort)records.Length);
    }
}
