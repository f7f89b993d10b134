using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// What one thread of the server keeps between queries, so that threads share nothing they write to: chance, counters, and the rules of the moment.
/// One thread at a time may answer by it; any thread may read its counters.
/// </summary>
public sealed class Lane
{
    private static readonly int Counters = Enum.GetValues<Counter>().Length;

    private readonly long[] _counts = new long[Counters];

    private Xorshift _random;

    /// <summary>A lane whose chances follow from <paramref name="seed"/>.</summary>
    public Lane(ulong seed) => _random = new Xorshift(seed);

    /// <summary>Chance, for the order of addresses.</summary>
    public ref Xorshift Random => ref _random;

    /// <summary>What applies from the next query on.</summary>
    public ServingRules Rules { get; set; } = ServingRules.Open;

    /// <summary>Adds this lane's counters to <paramref name="sums"/>, which has a place for each <see cref="Counter"/>.</summary>
    public void AddTo(Span<long> sums)
    {
        for (int i = 0; i < Counters; i++)
            sums[i] += Volatile.Read(ref _counts[i]);
    }

    /// <summary>Counts one, or <paramref name="times"/>.</summary>
    public void Count(Counter counter, int times = 1) => _counts[(int)counter] += times;
}
