using System.Buffers.Binary;
using System.Security.Cryptography;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Tests.Gslb.Signing;

/// <summary>
/// Judges signatures from what RFC 4034 and RFC 6605 say alone; shares nothing with what makes them but the reading of messages.
/// </summary>
internal static class Verifier
{
    /// <summary>What is wrong with a section: record sets without a signature that holds, signatures of nothing. Empty if nothing is.</summary>
    public static string[] Complaints(IReadOnlyCollection<DnsRecord> section, IReadOnlyCollection<DnsKey> keys, long now)
    {
        var signatures = section.Where(record => record.Type == DnsType.Rrsig).ToList();
        var complaints = new List<string>();
        foreach (var set in section.Where(record => record.Type != DnsType.Rrsig).GroupBy(record => (record.Name, record.Type)))
        {
            DnsRecord[] covering = [.. signatures.Where(signature => signature.Name.Equals(set.Key.Name) && Covered(signature) == set.Key.Type)];
            if (covering.Length == 0)
                complaints.Add($"{set.Key} is not signed");
            foreach (var signature in covering)
            {
                signatures.Remove(signature);
                if (Complaint([.. set], signature, keys, now) is { } complaint)
                    complaints.Add($"{set.Key}: {complaint}");
            }
        }

        complaints.AddRange(signatures.Select(signature => $"a signature of nothing: {signature}"));
        return [.. complaints];
    }

    public static DnsType Covered(DnsRecord signature) => (DnsType)BinaryPrimitives.ReadUInt16BigEndian(signature.Data.AsSpan());

    public static ushort TagOf(DnsRecord signature) => BinaryPrimitives.ReadUInt16BigEndian(signature.Data.AsSpan()[16..]);

    public static uint InceptionOf(DnsRecord signature) => BinaryPrimitives.ReadUInt32BigEndian(signature.Data.AsSpan()[12..]);

    public static uint ExpirationOf(DnsRecord signature) => BinaryPrimitives.ReadUInt32BigEndian(signature.Data.AsSpan()[8..]);

    private static string? Complaint(DnsRecord[] set, DnsRecord signature, IReadOnlyCollection<DnsKey> keys, long now)
    {
        byte[] data = [.. signature.Data];
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(4));
        if (data[2] != 13)
            return "algorithm";
        if (data[3] != set[0].Name.ToString().Split('.').Length)
            return "labels";
        if (set.Any(record => record.Ttl != ttl) || signature.Ttl != ttl)
            return "TTL";
        if (InceptionOf(signature) > now || ExpirationOf(signature) < now)
            return "time";
        var signerLength = data.Length - 18 - 64;
        if (!DnsName.TryFromWire(data.AsSpan(18, signerLength), out var signer) || !set[0].Name.IsWithin(signer))
            return "signer";
        byte[] signed =
        [
            .. data.AsSpan(0, 18), .. signer.Wire,
            .. set
                .Select(record => Canonical(record.Type, [.. record.Data]))
                .DistinctBy(Convert.ToHexString)
                .Order(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
                .SelectMany(canonical =>
                    (byte[])
                    [
                        .. set[0].Name.Wire,
                        .. Big((ushort)set[0].Type),
                        0,
                        1,
                        .. Big4(ttl),
                        .. Big((ushort)canonical.Length),
                        .. canonical,
                    ]),
        ];
        return keys.Any(key => key.Tag == TagOf(signature) && Holds(key, signed, data[^64..])) ? null : "no key has signed this";
    }

    private static bool Holds(DnsKey key, byte[] signed, byte[] signature)
    {
        byte[] point = [.. key.PublicKey];
        using var verifier = ECDsa.Create(
            new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[..32], Y = point[32..] } });
        return verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256);
    }

    /// <summary>Names of these types lose their capitals; digits and length octets have none.</summary>
    private static byte[] Canonical(DnsType type, byte[] data) => type switch
    {
        DnsType.Ns or DnsType.Cname or DnsType.Ptr => Small(data, 0, data.Length),
        DnsType.Soa => Small(data, 0, data.Length - 20),
        DnsType.Mx => Small(data, 2, data.Length),
        DnsType.Srv => Small(data, 6, data.Length),
        _ => data,
    };

    private static byte[] Small(byte[] data, int from, int to) =>
        [.. data.Select((octet, i) => i >= from && i < to && octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet + 32) : octet)];

    private static byte[] Big(ushort number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Big4(uint number) => [.. Big((ushort)(number >> 16)), .. Big((ushort)number)];
}
