using System.Net;

namespace Fleet.Http;

/// <summary>Requests per second of each stranger: a bucket of tokens each, which holds a burst and fills at the rate.</summary>
internal sealed class RequestRates(int perSecond, int burst, TimeProvider time)
{
    /// <summary>Beyond this many strangers, what they did before is forgotten.</summary>
    private const int OriginsMax = 16_384;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Bucket> _buckets = [];

    /// <summary>Strangers remembered.</summary>
    internal int Count => _buckets.Count;

    /// <summary>Takes a token.</summary>
    /// <param name="retryAfter">When there is one again, if there is none.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        var origin = Origin.Unmap(address);
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_buckets.Count >= OriginsMax && !_buckets.ContainsKey(origin))
                Forget(now);
            var tokens = _buckets.TryGetValue(origin, out var bucket) ? Tokens(bucket, now) : burst;
            if (tokens < 1)
            {
                retryAfter = TimeSpan.FromSeconds((1 - tokens) / perSecond);
                return false;
            }

            _buckets[origin] = new Bucket(tokens - 1, now);
            return true;
        }
    }

    private double Tokens(Bucket bucket, long now) => Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));

    /// <summary>A full bucket is the same as none.</summary>
    private void Forget(long now)
    {
        foreach (var (origin, bucket) in _buckets)
        {
            if (Tokens(bucket, now) >= burst)
                _buckets.Remove(origin);
        }

        if (_buckets.Count >= OriginsMax)
            _buckets.Clear();
    }

    private readonly record struct Bucket(double Tokens, long At);
}
