using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// Signs the records of a section as they were written (RFC 4034 3): it knows nothing of where they came from. Makes one signature for each record
/// set and active key of its zone, or takes it from the cache if it was made before. If the signer is bounded, it makes fleeting signatures only
/// within the <see cref="SigningBudget"/>.
/// </summary>
internal readonly struct SectionSigner(KeyRing ring, ZoneSnapshot zones, long utcSeconds, bool isBounded)
{
    private const int UsualSize = 4096;
    private const int LargestSize = 256 * 1024;
    private const int FixedSize = 18;

    /// <summary>
    /// Appends the signatures of the <paramref name="count"/> records that stand at <paramref name="at"/> and behind it; returns how many.
    /// </summary>
    /// <param name="writer">Writes the message from its very start.</param>
    /// <param name="at">Where the first record stands.</param>
    /// <param name="count">How many records there are; they end where the writer stands.</param>
    /// <param name="fleeting">A type whose signature is probably never needed again.</param>
    /// <param name="parent">
    /// Who signs DS and NSEC where they stand on the parent's side of a zone's apex; null where the owner's innermost zone signs everything.
    /// </param>
    [SkipLocalsInit]
    public ushort Sign(ref DnsWriter writer, int at, int count, DnsType fleeting, ZoneSigning? parent)
    {
        ushort written = 0;
        Span<byte> usual = stackalloc byte[UsualSize];
        byte[]? large = null;
        for (var left = count; left > 0 && !writer.Overflowed;)
        {
            var from = at;
            if (!RrsetContent.TryPack(writer.Written, ref at, left, utcSeconds, large ?? usual, out var set))
            {
                if (large is not null)
                {
                    writer.GiveUp();
                    break;
                }

                large = ArrayPool<byte>.Shared.Rent(LargestSize);
                at = from;
                continue;
            }

            left -= set.Count;
            var keys = set.Type is DnsType.Ds or DnsType.Nsec && parent is not null ? parent : KeysOf(set.Owner);
            if (keys is null)
                continue;
            foreach (var key in keys.SignersOf(set.Type))
            {
                WriteSignature(ref writer, from, set, key, keys.Zone, set.Type == fleeting);
                written++;
            }
        }

        if (large is not null)
            ArrayPool<byte>.Shared.Return(large);
        return written;
    }

    private ZoneSigning? KeysOf(ReadOnlySpan<byte> owner) => zones.AuthorityOf(owner, out _) is { } zone ? ring.Find(zone.Name.Wire) : null;

    private void WriteSignature(ref DnsWriter writer, int firstAt, scoped RrsetContent set, SigningKey key, ReadOnlySpan<byte> zone, bool isFleeting)
    {
        Span<byte> fields = stackalloc byte[FixedSize];
        FillFields(fields, set, key);
        var message = writer.Written;
        var isPointer = message[firstAt] >= 0xC0;
        var pointer = isPointer ? BinaryPrimitives.ReadUInt16BigEndian(message[firstAt..]) : (ushort)(0xC000 | firstAt);
        if (isPointer || firstAt < 0x4000)
            writer.WriteUInt16(pointer);
        else
            writer.WriteBytes(set.Owner);
        writer.WriteRecordFields(DnsType.Rrsig, set.Ttl, FixedSize + zone.Length + DnsKey.SignatureSize);
        writer.WriteBytes(fields);
        writer.WriteBytes(zone);
        if (writer.Overflowed)
            return;
        var cache = isFleeting ? ring.Fleeting : ring.Lasting;
        if (cache.TryFind(key, set.Content, out var known))
        {
            writer.WriteBytes(known);
            return;
        }

        if (writer.Free < DnsKey.SignatureSize || (isFleeting && isBounded && !ring.Budget.TrySpend(utcSeconds)))
        {
            writer.GiveUp();
            return;
        }

        Span<byte> signature = stackalloc byte[DnsKey.SignatureSize];
        Make(signature, fields, set, key, zone);
        cache.Keep(key, set.Content, signature);
        writer.WriteBytes(signature);
    }

    /// <summary>RDATA of RRSIG in front of the signer's name (RFC 4034 3.1).</summary>
    private static void FillFields(Span<byte> fields, scoped RrsetContent set, SigningKey key)
    {
        BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)set.Type);
        fields[2] = DnsKey.Algorithm;
        fields[3] = CanonicalName.LabelCount(set.Owner);
        BinaryPrimitives.WriteUInt32BigEndian(fields[4..], set.Ttl);
        BinaryPrimitives.WriteUInt32BigEndian(fields[8..], SignatureTimes.ExpirationOf(set.Inception));
        BinaryPrimitives.WriteUInt32BigEndian(fields[12..], set.Inception);
        BinaryPrimitives.WriteUInt16BigEndian(fields[16..], key.Tag);
    }

    /// <summary>Signs the fields, the signer's name, and each record in canonical form (RFC 4034 3.1.8.1).</summary>
    private static void Make(Span<byte> signature, ReadOnlySpan<byte> fields, scoped RrsetContent set, SigningKey key, ReadOnlySpan<byte> zone)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(fields);
        hash.AppendData(zone);
        Span<byte> middle = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(middle, (ushort)set.Type);
        BinaryPrimitives.WriteUInt16BigEndian(middle[2..], (ushort)DnsClass.In);
        BinaryPrimitives.WriteUInt32BigEndian(middle[4..], set.Ttl);
        for (var rest = set.Data; rest.Length > 0;)
        {
            var piece = 2 + BinaryPrimitives.ReadUInt16BigEndian(rest);
            hash.AppendData(set.Owner);
            hash.AppendData(middle);
            hash.AppendData(rest[..piece]);
            rest = rest[piece..];
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        key.Sign(digest, signature);
    }
}
