using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Fleet.Shared.Dns.Security;

/// <summary>
/// A public key of a zone as DNSKEY has it (RFC 4034 2), of the one algorithm that Fleet signs with: ECDSA P-256 with SHA-256, number 13 (RFC 6605).
/// </summary>
/// <param name="Flags">256 is a zone-signing key, 257 a key-signing key (RFC 4034 2.1.1).</param>
/// <param name="PublicKey">The curve's point, x then y: 64 octets.</param>
public sealed record DnsKey(ushort Flags, ImmutableArray<byte> PublicKey)
{
    /// <summary>ECDSAP256SHA256.</summary>
    public const byte Algorithm = 13;

    /// <summary>Octets of a coordinate, of the private scalar, and of each half of a signature.</summary>
    public const int ScalarSize = 32;

    /// <summary>Octets of a public key (RFC 6605 4).</summary>
    public const int PublicSize = 2 * ScalarSize;

    /// <summary>Octets of a signature: r then s (RFC 6605 4).</summary>
    public const int SignatureSize = 2 * ScalarSize;

    /// <summary>Flags of a key that signs the zone's records.</summary>
    public const ushort ZoneSigningFlags = 256;

    /// <summary>Flags of a key that signs the key set, and that the parent's DS names.</summary>
    public const ushort KeySigningFlags = 257;

    /// <summary>SHA-256 in DS (RFC 4509).</summary>
    public const byte DigestType = 2;

    private const ushort SecureEntryPointFlag = 0x0001;
    private const byte Protocol = 3;

    /// <summary>Whether it is a key-signing key: the secure entry point flag (RFC 3757).</summary>
    public bool IsKeySigning => (Flags & SecureEntryPointFlag) != 0;

    /// <summary>The short number of the key (RFC 4034 appendix B); two keys may share one.</summary>
    public ushort Tag => KeyTag.Compute(ToWire());

    /// <inheritdoc/>
    public bool Equals(DnsKey? other) => other is not null && Flags == other.Flags && PublicKey.AsSpan().SequenceEqual(other.PublicKey.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Flags, BinaryPrimitives.ReadInt32BigEndian(PublicKey.AsSpan()));

    /// <summary>RDATA of DNSKEY, and of CDNSKEY.</summary>
    public byte[] ToWire() => [(byte)(Flags >> 8), (byte)Flags, Protocol, Algorithm, .. PublicKey];

    /// <summary>RDATA of the DS that names this key of <paramref name="zone"/> (RFC 4034 5.1), and of CDS.</summary>
    public byte[] ToDs(DnsName zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var digest = SHA256.HashData([.. zone.Wire, .. ToWire()]);
        var tag = Tag;
        return [(byte)(tag >> 8), (byte)tag, Algorithm, DigestType, .. digest];
    }

    /// <summary>The text of DNSKEY data in a zone file: <c>257 3 13 base64</c>.</summary>
    public string ToText() => $"{Flags} {Protocol} {Algorithm} {Convert.ToBase64String(PublicKey.AsSpan())}";

    /// <summary>The text of DS data in a zone file: <c>tag 13 2 hexadecimal</c>.</summary>
    public string ToDsText(DnsName zone) => $"{Tag} {Algorithm} {DigestType} {Convert.ToHexString(ToDs(zone).AsSpan(4))}";

    /// <summary>
    /// Reads the words of DNSKEY data; the key itself may be in several. Otherwise <paramref name="complaint"/> tells what is wrong, including
    /// another algorithm.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<string> words, [NotNullWhen(true)] out DnsKey? key, [NotNullWhen(false)] out string? complaint)
    {
        key = null;
        complaint = null;
        if (words.Length < 4
            || !TryNumber(words[0], out var flags)
            || !TryNumber(words[1], out var protocol)
            || !TryNumber(words[2], out var algorithm))
            complaint = "a DNSKEY record has flags, protocol, algorithm and the key";
        else if (algorithm != Algorithm)
            complaint = $"the key's algorithm is {algorithm}; only {Algorithm} (ECDSA P-256 with SHA-256) is signed with";
        else if (protocol != Protocol || (flags & ~SecureEntryPointFlag) != ZoneSigningFlags)
            complaint = $"flags {flags} and protocol {protocol} are not those of a zone's key: 256 or 257, and 3";
        else if (!TryBase64(string.Concat(words[3..]), PublicSize, out var point))
            complaint = $"the key is not {PublicSize} octets in base64";
        else
            key = new DnsKey(flags, [.. point]);
        return complaint is null && key is not null;
    }

    /// <summary>Whether <paramref name="text"/> is exactly <paramref name="size"/> octets in base64.</summary>
    private static bool TryBase64(string text, int size, [NotNullWhen(true)] out byte[]? octets)
    {
        var buffer = new byte[size];
        var isSound = Convert.TryFromBase64String(text, buffer, out var written) && written == size;
        octets = isSound ? buffer : null;
        return isSound;
    }

    private static bool TryNumber(string word, out ushort number) =>
        ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
