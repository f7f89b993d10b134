using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// What DNSSEC adds to one answer: the records that only a signed zone has, compact denial of existence (RFC 9824), and signatures.
/// The default value is that of a zone without keys, and adds nothing.
/// </summary>
internal readonly struct AnswerSigning
{
    /// <summary>How many different drawings a signed name is answered with at a time, so that their signatures can be kept.</summary>
    public const int Drawings = 32;

    /// <summary>How long each of them is used.</summary>
    public const int DrawingSeconds = 10;

    /// <summary>Sets neighbouring salts far apart; otherwise they would share their sequences.</summary>
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly ZoneSnapshot _zone;
    private readonly KeyRing? _ring;
    private readonly ZoneSigning? _keys;
    private readonly long _utcSeconds;
    private readonly AnswerPlace _place;
    private readonly bool _isWanted;
    private readonly bool _overTcp;
    private readonly bool _isApex;

    /// <summary>The name is the apex of a zone, but the zone around it answers, because DS is asked for.</summary>
    private readonly bool _isCut;

    /// <summary>Prepares for a question.</summary>
    /// <param name="zone">The zones asked.</param>
    /// <param name="place">Whose records are answered, aliases followed.</param>
    /// <param name="name">The name of that place, canonical: the same for every method here.</param>
    /// <param name="asked">QTYPE.</param>
    /// <param name="arrival">How the query came.</param>
    /// <param name="isWanted">
    /// DO (RFC 3225): without it nothing is signed. Of the records that only a signed zone has, just the keys are given, to those who ask for them.
    /// </param>
    public AnswerSigning(
        ZoneSnapshot zone, in AnswerPlace place, scoped ReadOnlySpan<byte> name, DnsType asked, scoped in Arrival arrival, bool isWanted)
    {
        _zone = zone;
        _place = place;
        _ring = isWanted || asked is DnsType.Dnskey or DnsType.Ds or DnsType.Cds or DnsType.Cdnskey ? arrival.Keys : null;
        _keys = place.Authority is { } authority ? _ring?.Find(authority.Name.Wire) : null;
        _isWanted = isWanted;
        _overTcp = arrival.OverTcp;
        _utcSeconds = arrival.UtcSeconds;
        _isApex = _keys is not null && name.SequenceEqual(_keys.Zone);
        _isCut = !_isApex && place is { Authority: not null, Entry.HasSoa: true };
    }

    /// <summary>Whether what the place has, or the denial of what it has not, is signed. Aliases that led there may be signed in any case.</summary>
    public bool IsOn => _isWanted && _keys is not null;

    /// <summary>
    /// The random sequence for drawing addresses: one of <see cref="Drawings"/> sequences that belong to the name and the time. Over time the
    /// probabilities are those of <paramref name="random"/> itself. The sequences change one after the other, not all at once.
    /// </summary>
    public Xorshift Drawing(scoped ReadOnlySpan<byte> name, ref Xorshift random)
    {
        var variant = random.Below(Drawings);
        var slot = ((ulong)_utcSeconds + (variant * DrawingSeconds / Drawings)) / DrawingSeconds;
        var seed = (ulong)(uint)DnsNameComparer.Instance.GetHashCode(name) << 32;
        return new Xorshift(unchecked((seed ^ ((slot * Drawings) + variant)) + (_ring!.Salt * Spread)));
    }

    /// <summary>
    /// Writes the records that the zone has because it is signed: keys at the apex and, if asked for, the name's NSEC or a signature.
    /// </summary>
    public ushort WriteAnswers(DnsType type, scoped ReadOnlySpan<byte> name, ReadOnlySpan<byte> question, ref DnsWriter writer) => type switch
    {
        _ when _keys is null || _place.Entry is null => 0,
        DnsType.Dnskey when _isApex => _keys.Keys.Write(ref writer),
        DnsType.Ds when _isCut => _ring!.Find(name)?.Ds.Write(ref writer, _place.OwnerAt) ?? 0,
        DnsType.Cds when _isApex => _keys.Cds.Write(ref writer),
        DnsType.Cdnskey when _isApex => _keys.Cdnskey.Write(ref writer),
        DnsType.Nsec when IsOn => WriteDenial(DnsType.None, name, ref writer),
        DnsType.Rrsig when IsOn => WriteOneSignature(name, question, ref writer),
        _ => 0,
    };

    /// <summary>
    /// Writes the NSEC that says what the name has: NXNAME for a name that does not exist (RFC 9824 3.1), otherwise its types (3.2), except the one
    /// that was asked for and is not there for this asker.
    /// </summary>
    public ushort WriteDenial(DnsType asked, scoped ReadOnlySpan<byte> name, ref DnsWriter writer)
    {
        Span<DnsType> types = stackalloc DnsType[NameEntryTypes.CountMax + 6];
        var count = _place.Entry is null ? 0 : WriteTypes(_place.Entry, asked, types);
        types[count++] = DnsType.Rrsig;
        types[count++] = DnsType.Nsec;
        if (_place.Entry is null)
            types[count++] = DnsType.Nxname;
        MemoryMarshal.Cast<DnsType, ushort>(types[..count]).Sort();
        Span<byte> data = stackalloc byte[DnsNameWire.LengthMax + TypeBitmap.SizeMax(NameEntryTypes.CountMax + 6)];
        var length = CanonicalName.Successor(name, _keys!.Zone, data);
        length += TypeBitmap.Write(types[..count], data[length..]);
        writer.WritePointer(_place.OwnerAt);
        writer.WriteRecordFields(DnsType.Nsec, DenialTtl.ForZone(_place.Authority!), length);
        writer.WriteBytes(data[..length]);
        return 1;
    }

    /// <summary>
    /// Signs <paramref name="count"/> records from <paramref name="at"/> on, each with the keys of its own zone; returns how many signatures were
    /// appended.
    /// </summary>
    public ushort Sign(ref DnsWriter writer, int at, int count)
    {
        if (!_isWanted || _ring is null)
            return 0;
        var fleeting = _place.Entry is null ? DnsType.Nsec : _place.Entry.TellsMap ? DnsType.Txt : DnsType.None;
        return new SectionSigner(_ring, _zone, _utcSeconds, isBounded: !_overTcp).Sign(ref writer, at, count, fleeting, _isCut ? _keys : null);
    }

    /// <summary>
    /// The answer to a question for RRSIG: one signature, that of the name's NSEC. Giving all of them would be like ANY, where RFC 8482 4.1 lets us
    /// choose. It is made in a message with the same beginning, so that its pointer fits.
    /// </summary>
    [SkipLocalsInit]
    private ushort WriteOneSignature(scoped ReadOnlySpan<byte> name, ReadOnlySpan<byte> question, ref DnsWriter writer)
    {
        Span<byte> scratch = stackalloc byte[2048];
        var draft = new DnsWriter(scratch);
        draft.WriteBytes(stackalloc byte[DnsHeader.Size]);
        draft.WriteBytes(question);
        var denialAt = draft.Position;
        WriteDenial(DnsType.None, name, ref draft);
        var signatureAt = draft.Position;
        var count = Sign(ref draft, denialAt, 1);
        writer.WriteBytes(draft.Written[signatureAt..]);
        return count;
    }

    private int WriteTypes(NameEntry entry, DnsType asked, Span<DnsType> types)
    {
        if (_isCut)
        {
            types[0] = DnsType.Ns; // a zone says only that a zone below it is there (RFC 4035 2.3)
            return 1;
        }

        var count = entry.WriteTypes(types);
        if (_isApex)
        {
            types[count++] = DnsType.Dnskey;
            if (_keys!.Cds.Count > 0)
                types[count++] = DnsType.Cds;
            if (_keys.Cdnskey.Count > 0)
                types[count++] = DnsType.Cdnskey;
        }

        var denied = types[..count].IndexOf(asked);
        if (denied >= 0)
            types[denied] = types[--count];
        return count;
    }
}
