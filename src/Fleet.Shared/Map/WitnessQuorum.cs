namespace Fleet.Shared.Map;

/// <summary>
/// How many of a node's witnesses must hear it for its lease to go on without the leader, and how many must deny having heard it before the leader
/// may call it lost. The two sets always overlap: <c>Vouching + Denying = witnesses + 1</c>.
/// </summary>
public static class WitnessQuorum
{
    /// <summary>Witnesses wanted for protection k: 2k+1, so that k of them may be gone with the leader and more than half remain.</summary>
    public static int Wanted(int protectedNodes) => (2 * protectedNodes) + 1;

    /// <summary>
    /// At least half of the witnesses (a majority when their number is odd). With no witnesses there is no peer that could take over: 0 suffice.
    /// </summary>
    public static int Vouching(int witnesses) => (witnesses + 1) / 2;

    public static int Denying(int witnesses) => witnesses - Vouching(witnesses) + 1;
}
