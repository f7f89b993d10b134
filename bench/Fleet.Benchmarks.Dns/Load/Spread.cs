using Fleet.Benchmarks.Report;

namespace Fleet.Benchmarks.Dns.Load;

/// <summary>What several rounds say of one figure: the median, and how far they lie apart.</summary>
public readonly record struct Spread(double Median, double Min, double Max)
{
    public static Spread Measure(IEnumerable<double> values)
    {
        var all = new Distribution();
        foreach (var value in values)
            all.Add(value);
        return new Spread(all.Median, all.Min, all.Max);
    }

    /// <summary>The median of the ratios of two servers' figures, round by round: what disturbs a whole round disturbs both.</summary>
    public static Spread OfRatios(IEnumerable<double> figures, IEnumerable<double> others) =>
        Measure(figures.Zip(others, (figure, other) => other == 0 ? double.NaN : figure / other).Where(double.IsFinite));
}
