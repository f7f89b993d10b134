namespace Fleet.Node.Tests.Gslb;

/// <summary>
/// What code allocates on the thread that runs it. A collection in between, which any thread may start, counts what is left of this thread's
/// allocation buffer (up to 8 KB) as allocated. So one round says little: what the code allocates, every round would; what the runtime does, a few.
/// </summary>
internal static class Allocations
{
    private const int RoundsMax = 10;

    /// <summary>Plays rounds until one has passed without an allocation, the first (which fills and compiles) never counted.</summary>
    /// <returns>What the last one allocated, in bytes, and how many were played.</returns>
    public static (long Bytes, int Rounds) OfOneRound(Action round)
    {
        round();
        long allocated = 1;
        var played = 1;
        for (; played < RoundsMax && allocated > 0; played++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (allocated, played);
    }
}
