using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>What becomes of a response.</summary>
internal enum LimitVerdict
{
    /// <summary>It goes out.</summary>
    Send,

    /// <summary>A small one goes out instead, so that a real asker comes back in a way that cannot be forged.</summary>
    Slip,

    /// <summary>Nothing goes out.</summary>
    Drop,
}

/// <summary>
/// Response-rate limiting, as BIND, NSD and Knot do it (Vixie and Schryver, "DNS Response Rate Limiting", ISC-TN-2012-1): similar responses (of one
/// kind, about one name, to one client network, /24 or /56) share a bucket that holds a second's worth. Every second response over that slips
/// through, cut short. The table is fixed, four places to a bucket's hash; a new bucket takes the place of the one that was used least, so light
/// askers never push out a heavy one.
/// </summary>
internal sealed class ResponseLimiter(SipKey key)
{
    private const int Sets = 4096;
    private const int Ways = 4;
    private const long BurstMicros = 1_000_000;
    private const int HeadOctets = 2 + 7;

    private readonly Bucket[] _buckets = new Bucket[Sets * Ways];

    /// <summary>Judges one response.</summary>
    /// <param name="source">The asker's address, 4 or 16 octets.</param>
    /// <param name="kind">What kind of response it is.</param>
    /// <param name="subject">The canonical name that it is about; empty for errors.</param>
    /// <param name="intervalMicros">From one response to the next at the rate allowed, at least 1.</param>
    /// <param name="now">The moment.</param>
    public LimitVerdict Charge(ReadOnlySpan<byte> source, Counter kind, ReadOnlySpan<byte> subject, long intervalMicros, Instant now)
    {
        ref var bucket = ref Find(HashOf(source, kind, subject));
        var emptyAt = Math.Max(bucket.EmptyAt, now.Micros) + intervalMicros;
        if (emptyAt - now.Micros <= Math.Max(BurstMicros, intervalMicros))
        {
            bucket.EmptyAt = emptyAt;
            return LimitVerdict.Send;
        }

        bucket.SlipsNext = !bucket.SlipsNext;
        return bucket.SlipsNext ? LimitVerdict.Drop : LimitVerdict.Slip;
    }

    private ulong HashOf(ReadOnlySpan<byte> source, Counter kind, ReadOnlySpan<byte> subject)
    {
        Span<byte> input = stackalloc byte[HeadOctets + DnsNameWire.LengthMax];
        input[..HeadOctets].Clear();
        input[0] = (byte)source.Length;
        input[1] = (byte)kind;
        source[..Math.Min(source.Length, ClientNetwork.BitsOf(source.Length > 4) / 8)].CopyTo(input[2..]);
        subject.CopyTo(input[HeadOctets..]);
        return SipHash.Hash(key, input[..(HeadOctets + subject.Length)]);
    }

    private ref Bucket Find(ulong hash)
    {
        var set = _buckets.AsSpan((int)(hash % Sets) * Ways, Ways);
        var least = 0;
        for (var i = 0; i < Ways; i++)
        {
            if (set[i].Hash == hash)
                return ref set[i];
            if (set[i].EmptyAt < set[least].EmptyAt)
                least = i;
        }

        set[least] = new Bucket { Hash = hash };
        return ref set[least];
    }

    /// <summary>A token bucket, kept as the moment when it would be full again if nothing more came (the generic cell rate algorithm).</summary>
    private struct Bucket
    {
        public ulong Hash;
        public long EmptyAt;
        public bool SlipsNext;
    }
}
