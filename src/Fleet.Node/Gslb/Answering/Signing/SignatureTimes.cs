using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>When signatures begin and cease to hold.</summary>
internal static class SignatureTimes
{
    /// <summary>Signatures hold from an hour before they may first be used, for resolvers whose clocks are behind.</summary>
    public const int BeforeSeconds = 3600;

    /// <summary>They hold for three days from when they may first be used.</summary>
    public const int ValiditySeconds = 3 * 86_400;

    /// <summary>
    /// Signatures are made anew every hour. So every signature that a resolver gets holds for at least 2 days and 23 hours, and no TTL is more than a
    /// day.
    /// </summary>
    public const int RenewalSeconds = 3600;

    /// <summary>
    /// When a signature for <paramref name="owner"/> that is needed at <paramref name="utcSeconds"/> begins to hold, in seconds since 1970 modulo
    /// 2^32 (RFC 4034 3.1.5). Each name has its own minute of renewal, so that an hour's end does not bring them all at once.
    /// </summary>
    public static uint InceptionOf(ReadOnlySpan<byte> owner, long utcSeconds)
    {
        long offset = (uint)DnsNameComparer.Instance.GetHashCode(owner) % RenewalSeconds;
        var begin = utcSeconds - ((utcSeconds + offset) % RenewalSeconds);
        return unchecked((uint)(begin - BeforeSeconds));
    }

    /// <summary>When the signature ceases to hold.</summary>
    public static uint ExpirationOf(uint inception) => unchecked(inception + BeforeSeconds + ValiditySeconds);
}
