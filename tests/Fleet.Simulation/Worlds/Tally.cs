namespace Fleet.Simulation.Worlds;

/// <summary>Counts what a world, or many, have seen: faults that struck, events of the journal, states that were reached.</summary>
public sealed class Tally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(string what, long times = 1) => _counts[what] = _counts.GetValueOrDefault(what) + times;

    public void Add(Tally other)
    {
        foreach (var (what, times) in other._counts)
            Count(what, times);
    }
}
