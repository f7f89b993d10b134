namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// How many signatures a second may be made for what is probably asked once. Whoever asks for random names makes the server sign each denial; beyond
/// the budget such answers come truncated over UDP, so that only those who show their address by TCP cost more. What exists is signed always.
/// </summary>
internal sealed class SigningBudget
{
    /// <summary>Signatures a second: some 15 % of a core.</summary>
    public const int PerSecond = 5000;

    private const int CountBits = 24;
    private const long CountMask = (1L << CountBits) - 1;

    /// <summary>
    /// The second in the upper bits, what it has spent in the lower ones. In 2^24 attempts within a second it would overflow, which no core reaches.
    /// </summary>
    private long _spent;

    /// <summary>
    /// Takes one signature out of the second that runs; false where it has none left. Any thread, without a lock; two at a second's turn may lose
    /// count of a few.
    /// </summary>
    public bool TrySpend(long utcSeconds)
    {
        var spent = Volatile.Read(ref _spent);
        if (spent >> CountBits != utcSeconds)
            return Interlocked.CompareExchange(ref _spent, (utcSeconds << CountBits) | 1, spent) == spent || TrySpendNow();
        return (spent & CountMask) < PerSecond && TrySpendNow();
    }

    private bool TrySpendNow() => (Interlocked.Increment(ref _spent) & CountMask) <= PerSecond;
}
