namespace Fleet.Benchmarks.Report;

/// <summary>Values as they come; what is asked of them is looked up when all are there.</summary>
public sealed class Distribution
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    public double Sum => values.Sum();

    public double Mean => values.Count == 0 ? 0 : values.Average();

    public double Max => values.Count == 0 ? 0 : values.Max();

    public double Min => values.Count == 0 ? 0 : values.Min();

    public double Median => At(0.5);

    public void Add(double value) => values.Add(value);

    /// <summary>The part that is not above <paramref name="limit"/>.</summary>
    public double PartUpTo(double limit) => values.Count == 0 ? 1 : (double)values.Count(value => value <= limit) / values.Count;

    public double At(double part)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
    }
}
