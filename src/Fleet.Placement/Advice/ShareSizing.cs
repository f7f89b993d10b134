namespace Fleet.Placement.Advice;

/// <summary>How many VIPs a service gets.</summary>
/// <param name="Vips">The answer.</param>
/// <param name="Least">Fewer than these, and one of them would carry more than <paramref name="ShareBpsMax"/>.</param>
/// <param name="ShareBpsMax">The most that one VIP may carry, bit/s.</param>
public sealed record ShareSize(int Vips, int Least, long ShareBpsMax);

/// <summary>
/// The number of VIPs of a service. There are so many that none carries more than the share-max of the smallest node, because a VIP is never split
/// and a dead node's load spreads only as finely as its VIPs. There is also one for every node that may have it, so that all of them serve it, as far
/// as there are addresses.
/// </summary>
public static class ShareSizing
{
    /// <summary>More than any service is given.</summary>
    public const int VipsMax = 100_000;

    /// <param name="demandBps">Of the whole service; 0 is unknown, which is sized by the nodes alone.</param>
    /// <param name="smallestBps">The capacity of the smallest node that may have the service's VIPs.</param>
    /// <param name="eligible">How many nodes may have them.</param>
    /// <param name="addresses">How many addresses there are; sharing finely enough may need more, which is for the caller to refuse.</param>
    public static ShareSize Compute(long demandBps, long smallestBps, double shareMax, int eligible, int addresses = int.MaxValue)
    {
        var share = Math.Max(1, (long)(smallestBps * (decimal)shareMax));
        var least = (int)Math.Clamp(((decimal)demandBps + share - 1) / share, 1, VipsMax);
        return new ShareSize(Math.Max(least, Math.Min(eligible, addresses)), least, share);
    }
}
