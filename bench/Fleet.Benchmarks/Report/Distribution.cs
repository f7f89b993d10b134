namespace Fleet.Benchmarks.Report;

/// <summary>Values as they come; what is asked of them is looked up when all are there.</summary>
public sealed class Distribution
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Sum => _values.Sum();

    public double Mean => _values.Count == 0 ? 0 : _values.Average();

    public double Max => _values.Count == 0 ? 0 : _values.Max();

    public double Min => _values.Count == 0 ? 0 : _values.Min();

    public double Median => At(0.5);

    public void Add(double value) => _values.Add(value);

    /// <summary>The part that is not above <paramref name="limit"/>.</summary>
    public double PartUpTo(double limit) => _values.Count == 0 ? 1 : (double)_values.Count(value => value <= limit) / _values.Count;

    public double At(double part)
    {
        var sorted = _values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
    }
}
