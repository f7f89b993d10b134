namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// How many signatures a second may be made for what is probably asked once. An asker that asks for random names makes the server sign each denial.
/// Beyond the budget, such answers are truncated over UDP, so that only askers that prove their address by TCP cost more. What exists is always
/// signed.
/// </summary>
internal sealed class SigningBudget
{
    /// <summary>Signatures a second: some 15 % of a core.</summary>
    public const int PerSecond = 5000;

    private const int CountBits = 24;
    private const long CountMask = (1L << CountBits) - 1;

    /// <summary>
    /// The second in the upper bits, what it has spent in the lower ones. It would overflow after 2^24 attempts within a second, which no core
    /// reaches.
    /// </summary>
    private long _spent;

    /// <summary>
    /// Takes one signature out of the current second's budget; false if none is left. Any thread may call it, without a lock; two threads at the turn
    /// of a second may lose count of a few.
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
