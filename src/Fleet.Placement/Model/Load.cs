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
    public double Of(Load capacity) => Math.Max(Part(Bps, capacity.Bps), Part(Cps, capacity.Cps));

    private static double Part(long used, long of) => used == 0 ? 0 : of <= 0 ? double.PositiveInfinity : (double)used / of;
}
