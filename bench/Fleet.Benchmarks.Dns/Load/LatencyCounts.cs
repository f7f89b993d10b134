namespace Fleet.Benchmarks.Dns.Load;

/// <summary>
/// How often an answer took how long, in whole microseconds up to a bound; what took longer is counted at the bound. Counting allocates nothing.
/// </summary>
public sealed class LatencyCounts
{
    private const int MicrosMax = 100_000;
    private readonly int[] _counts = new int[MicrosMax + 1];

    public long Count { get; private set; }

    public void Add(double micros)
    {
        _counts[Math.Clamp((int)micros, 0, MicrosMax)]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>The latency in microseconds that at least this part, 0 to 1, of the answers did not exceed; 0 without answers.</summary>
    public double At(double part)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (var micros = 0; micros <= MicrosMax; micros++)
        {
            seen += _counts[micros];
            if (Count > 0 && seen >= wanted)
                return micros;
        }

        return 0;
    }
}
