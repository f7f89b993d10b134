namespace Fleet.Placement.Model;

/// <summary>
/// What a VIP asks for or a node carries, in both dimensions. Whole numbers, so that sums do not depend on their order.
/// </summary>
/// <param name="Bps">bit/s.</param>
/// <param name="Cps">New connections per second.</param>
public readonly record struct Load(long Bps, long Cps = 0)
{
    public static readonly Load None;

    public static Load operator +(Load left, Load right) => new(left.Bps + right.Bps, left.Cps + right.Cps);

    public static Load operator -(Load left, Load right) => new(left.Bps - right.Bps, left.Cps - right.Cps);

    /// <summary>No more than the limit in either dimension.</summary>
    public bool FitsIn(Load limit) => Bps <= limit.Bps && Cps <= limit.Cps;

    /// <summary>The fuller dimension's part of the capacity; 1 is full.</summary>
    public double ShareOf(Load capacity) => Math.Max(Part(Bps, capacity.Bps), Part(Cps, capacity.Cps));

    private static double Part(long used, long of) => used == 0 ? 0 : of <= 0 ? double.PositiveInfinity : (double)used / of;
}

/// <summary>
/// A capacity, kept as the part of it that one unit of load takes: for loops that measure millions of loads by the same capacities.
/// </summary>
internal readonly record struct Measure(double PerBps, double PerCps)
{
    public static Measure By(Load capacity, double level = 1) => new(Inverse(capacity.Bps * level), Inverse(capacity.Cps * level));

    /// <summary>As <see cref="Load.ShareOf"/>, to the last bits.</summary>
    public double Scale(Load load) => Math.Max(load.Bps * PerBps, load.Cps * PerCps);

    private static double Inverse(double capacity) => capacity <= 0 ? double.MaxValue : 1 / capacity;
}
