using System.Net;

namespace Fleet.Http;

/// <summary>Requests per second of each stranger: a bucket of tokens each, which holds a burst and fills at the rate.</summary>
public sealed class RequestRates(int perSecond, int burst, TimeProvider time)
{
    /// <summary>More strangers than that are not told apart by what they did before.</summary>
    private const int OriginsMax = 16_384;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, Bucket> buckets = [];

    /// <summary>Strangers remembered.</summary>
    internal int Count => buckets.Count;

    /// <summary>Takes a token.</summary>
    /// <param name="retryAfter">When there is one again, if there is none.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        var origin = Origin.Of(address);
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (buckets.Count >= OriginsMax && !buckets.ContainsKey(origin))
                Forget(now);
            var tokens = buckets.TryGetValue(origin, out var bucket) ? Tokens(bucket, now) : burst;
            if (tokens < 1)
            {
                retryAfter = TimeSpan.FromSeconds((1 - tokens) / perSecond);
                return false;
            }

            buckets[origin] = new Bucket(tokens - 1, now);
            return true;
        }
    }

    private double Tokens(Bucket bucket, long now) => Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));

    /// <summary>A full bucket is the same as none.</summary>
    private void Forget(long now)
    {
        foreach (var (origin, bucket) in buckets)
        {
            if (Tokens(bucket, now) >= burst)
                buckets.Remove(origin);
        }

        if (buckets.Count >= OriginsMax)
            buckets.Clear();
    }

    private readonly record struct Bucket(double Tokens, long At);
}
