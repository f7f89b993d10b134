using System.Collections.Immutable;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// All keys of a node, sorted out for one moment, and the signatures made so far. Immutable except for the signatures; as keys come and go, renewed
/// rings are published.
/// </summary>
internal sealed class KeyRing
{
    /// <summary>65,536 signatures of what exists: some 20 MB when full.</summary>
    private const int LastingSetBits = 14;

    /// <summary>
    /// 4,096 signatures of what is asked once: names that do not exist, texts that change. In a cache of their own they drive out nothing else.
    /// </summary>
    private const int FleetingSetBits = 10;

    private readonly Dictionary<DnsName, ZoneSigning>.AlternateLookup<ReadOnlySpan<byte>> _zones;
    private readonly Dictionary<(DnsName Zone, DnsKey Key), SigningKey> _signers;

    private KeyRing(IEnumerable<ZoneKey> keys, long utcSeconds, ulong salt, KeyRing? before)
    {
        ImmutableArray<ZoneKey> all = [.. keys];
        Lasting = before?.Lasting ?? new SignatureCache(LastingSetBits);
        Fleeting = before?.Fleeting ?? new SignatureCache(FleetingSetBits);
        Budget = before?.Budget ?? new SigningBudget();
        Salt = salt;
        var signers = new Dictionary<(DnsName Zone, DnsKey Key), SigningKey>();
        var zones = new Dictionary<DnsName, ZoneSigning>(DnsNameComparer.Instance);
        foreach (var ofZone in all.GroupBy(key => key.Zone))
        {
            var signing = new ZoneSigning(ofZone.Key, ofZone, utcSeconds, SignerOf);
            if (!signing.ZoneSigners.IsEmpty)
                zones.Add(ofZone.Key, signing);
        }

        _signers = signers;
        _zones = zones.GetAlternateLookup<ReadOnlySpan<byte>>();

        SigningKey SignerOf(ZoneKey key)
        {
            if (!signers.TryGetValue((key.Zone, key.Key), out var signer))
                signers.Add((key.Zone, key.Key), signer = before?._signers.GetValueOrDefault((key.Zone, key.Key)) ?? new SigningKey(key));
            return signer;
        }
    }

    /// <summary>The zones that are signed, in no order.</summary>
    public IEnumerable<ZoneSigning> Zones => _zones.Dictionary.Values;

    /// <summary>What this node mixes into the drawing of signed answers, so that nodes draw differently.</summary>
    internal ulong Salt { get; }

    /// <summary>Signatures of what is asked again and again.</summary>
    internal SignatureCache Lasting { get; }

    /// <summary>Signatures of what may never be asked again.</summary>
    internal SignatureCache Fleeting { get; }

    /// <summary>Bounds how many fleeting signatures are made over UDP.</summary>
    internal SigningBudget Budget { get; }

    /// <summary>
    /// Sorts out <paramref name="keys"/> for the moment <paramref name="utcSeconds"/>, in seconds since 1970. A zone is signed if one of its keys is
    /// active.
    /// </summary>
    public static KeyRing Create(IEnumerable<ZoneKey> keys, long utcSeconds, ulong salt) => new(keys, utcSeconds, salt, null);

    /// <summary>The ring for another moment, or other keys, which keeps the signatures of the keys that stay.</summary>
    public KeyRing Renew(IEnumerable<ZoneKey> keys, long utcSeconds) => new(keys, utcSeconds, Salt, this);

    /// <summary>The keys of a canonical zone name, or null where it is not signed.</summary>
    public ZoneSigning? Find(ReadOnlySpan<byte> zone) => _zones.TryGetValue(zone, out var signing) ? signing : null;
}
