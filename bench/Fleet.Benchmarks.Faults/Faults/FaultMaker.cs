using System.Collections.Immutable;

namespace Fleet.Benchmarks.Faults.Faults;

/// <summary>Draws faults from a seed. Pure: the same seed draws the same.</summary>
internal static class FaultMaker
{
    private const int ShortestMs = 20;
    private const int LongestMs = 3000;

    /// <summary>
    /// So many faults, in the order of their moments, whose pauses vary from hardly any to several times the average: faults overlap, and then there
    /// is time in which all can heal.
    /// </summary>
    public static ImmutableArray<Fault> Make(int seed, int count, TimeSpan lasts, IReadOnlyList<VictimKind> victims)
    {
        var chance = new Random(seed);
        // The moments of a Poisson process, given how many there are, are uniform.
        var moments = Enumerable.Range(0, count).Select(_ => chance.NextDouble() * lasts).Order().ToArray();
        return [.. moments.Select(at => Draw(chance, at, victims))];
    }

    private static Fault Draw(Random chance, TimeSpan at, IReadOnlyList<VictimKind> victims)
    {
        var victim = victims[chance.Next(victims.Count)];
        var kind = chance.Next(2) == 0 ? FaultKind.Kill : FaultKind.Stop;
        // As many short ones as long ones: evenly by the order of magnitude.
        var ms = ShortestMs * Math.Pow(LongestMs / (double)ShortestMs, chance.NextDouble());
        return new Fault(at, kind, victim, chance.Next(64), TimeSpan.FromMilliseconds(ms));
    }
}
