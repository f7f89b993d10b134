using System.Security.Cryptography;

namespace Fleet.Shared.Dns;

/// <summary>How a TSIG signature is made; both are of full length (RFC 8945 6).</summary>
public enum TsigAlgorithm
{
    /// <summary>hmac-sha256: every server has it.</summary>
    HmacSha256,

    /// <summary>hmac-sha512.</summary>
    HmacSha512,
}

/// <summary>A secret that two parties sign messages with, RFC 8945. Its text form never shows the secret.</summary>
public sealed class TsigKey
{
    private static readonly DnsName Sha256 = DnsName.Parse("hmac-sha256");
    private static readonly DnsName Sha512 = DnsName.Parse("hmac-sha512");

    private readonly byte[] _secret;

    /// <summary>Takes a copy of the secret.</summary>
    public TsigKey(DnsName name, TsigAlgorithm algorithm, ReadOnlySpan<byte> secret)
    {
        Name = name;
        Algorithm = algorithm;
        _secret = secret.ToArray();
    }

    /// <summary>What both parties call it.</summary>
    public DnsName Name { get; }

    /// <summary>How it signs.</summary>
    public TsigAlgorithm Algorithm { get; }

    /// <summary>The algorithm as it stands in messages.</summary>
    public DnsName AlgorithmName => Algorithm == TsigAlgorithm.HmacSha256 ? Sha256 : Sha512;

    /// <summary>Octets of a signature.</summary>
    public int MacSize => Algorithm == TsigAlgorithm.HmacSha256 ? HMACSHA256.HashSizeInBytes : HMACSHA512.HashSizeInBytes;

    /// <summary>The signature of <paramref name="digested"/>.</summary>
    public byte[] Mac(ReadOnlySpan<byte> digested) =>
        Algorithm == TsigAlgorithm.HmacSha256 ? HMACSHA256.HashData(_secret, digested) : HMACSHA512.HashData(_secret, digested);

    /// <summary>Whether the word names an algorithm, in lower case as key files do.</summary>
    public static bool TryAlgorithm(string word, out TsigAlgorithm algorithm)
    {
        algorithm = word.Equals("hmac-sha512", StringComparison.OrdinalIgnoreCase) ? TsigAlgorithm.HmacSha512 : TsigAlgorithm.HmacSha256;
        return algorithm == TsigAlgorithm.HmacSha512 || word.Equals("hmac-sha256", StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({AlgorithmName})";
}
