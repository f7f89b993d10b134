using System.Buffers.Binary;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>What a query's cookie says about its asker.</summary>
internal enum CookieVerdict
{
    /// <summary>There is no cookie.</summary>
    None,

    /// <summary>A client cookie alone: the asker may be anybody, and can take cookies.</summary>
    ClientOnly,

    /// <summary>A server cookie that is not ours, not of this address, or too old.</summary>
    Bad,

    /// <summary>Ours: the asker receives what is sent to its address.</summary>
    Valid,
}

/// <summary>
/// Makes and judges server cookies, RFC 9018 4: version 1, three reserved octets, the time in seconds, and SipHash-2-4 over client cookie, these, and
/// the client's address. Good for an hour, renewed after half of it (4.3). A cookie of the previous secret is good, and replaced (5).
/// </summary>
/// <param name="current">The secret cookies are made with.</param>
/// <param name="previous">The one before it, if any.</param>
/// <param name="unixSecondsAtZero">The time of day when the host's clock showed 0, in seconds since 1970.</param>
internal sealed class CookieKeys(SipKey current, SipKey? previous, long unixSecondsAtZero)
{
    private const uint AgeMax = 3600;
    private const uint AheadMax = 300;
    private const uint RenewAge = 1800;
    private const ulong Version = 1;

    /// <summary>These keys with a new secret; cookies of the present one stay good.</summary>
    public CookieKeys Rolled(SipKey next) => new(next, current, unixSecondsAtZero);

    /// <summary>
    /// Judges the cookie <paramref name="asked"/> of a client at <paramref name="source"/>; <paramref name="given"/> is what goes back.
    /// </summary>
    public CookieVerdict Verify(in DnsCookie asked, ReadOnlySpan<byte> source, Instant now, out DnsCookie given)
    {
        var time = unchecked((uint)(unixSecondsAtZero + (now.Micros / 1_000_000)));
        var verdict = asked.ServerLength == 0 ? CookieVerdict.ClientOnly : CookieVerdict.Bad;
        var age = unchecked(time - (uint)asked.ServerHigh);
        if (asked.HasServer && asked.ServerHigh >> 56 == Version && (age <= AgeMax || age >= unchecked(0 - AheadMax)))
        {
            if (asked.ServerLow == HashOf(current, asked.Client, asked.ServerHigh, source))
            {
                verdict = CookieVerdict.Valid;
                if (age is < RenewAge or > AgeMax)
                {
                    given = asked;
                    return verdict;
                }
            }
            else if (previous is { } before && asked.ServerLow == HashOf(before, asked.Client, asked.ServerHigh, source))
            {
                verdict = CookieVerdict.Valid;
            }
        }

        var high = (Version << 56) | time;
        given = new DnsCookie(asked.Client, high, HashOf(current, asked.Client, high, source), DnsCookie.ServerSize);
        return verdict;
    }

    /// <summary>The hash as it stands on the wire, first octet most significant.</summary>
    private static ulong HashOf(in SipKey key, ulong client, ulong high, ReadOnlySpan<byte> source)
    {
        Span<byte> input = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(input, client);
        BinaryPrimitives.WriteUInt64BigEndian(input[8..], high);
        source.CopyTo(input[16..]);
        return BinaryPrimitives.ReverseEndianness(SipHash.Hash(key, input[..(16 + source.Length)]));
    }
}
