using System.Security.Cryptography;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// A private key that many threads sign with at once. The framework's signer is for one thread at a time, so idle signers wait in a few slots; a
/// thread that finds none opens another. There is no lock, and there are no more idle signers than slots.
/// </summary>
internal sealed class SigningKey(ZoneKey key)
{
    private readonly ECDsa?[] _idle = new ECDsa?[8];

    /// <summary>The public half.</summary>
    public DnsKey Public { get; } = key.Key;

    /// <summary>Its short number (RFC 4034 appendix B).</summary>
    public ushort Tag { get; } = key.Key.Tag;

    /// <summary>Signs a SHA-256 digest: r and s, 32 octets each (RFC 6605 4). Some 20 to 40 microseconds.</summary>
    public void Sign(ReadOnlySpan<byte> digest, Span<byte> signature)
    {
        var signer = Take();
        var isWhole = signer.TrySignHash(digest, signature, out var written) && written == DnsKey.SignatureSize;
        GiveBack(signer);
        if (!isWhole)
            throw new CryptographicException("a signature on P-256 is 64 octets");
    }

    private ECDsa Take()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.Exchange(ref _idle[i], null) is { } signer)
                return signer;
        }

        return key.OpenSigner();
    }

    private void GiveBack(ECDsa signer)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], signer, null) is null)
                return;
        }

        signer.Dispose();
    }
}
