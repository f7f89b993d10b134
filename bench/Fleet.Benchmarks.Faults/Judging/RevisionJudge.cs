namespace Fleet.Benchmarks.Faults.Judging;

/// <summary>Holds what the projection has against the journal, whose revisions have no gaps. Pure.</summary>
internal static class RevisionJudge
{
    /// <summary>How many of 1 to the newest are missing, there twice, or out of order.</summary>
    public static int Wrong(IReadOnlyList<long> there, long newest)
    {
        var wrong = 0;
        for (var i = 1; i < there.Count; i++)
            wrong += there[i] == there[i - 1] + 1 ? 0 : 1;
        return wrong + (int)(newest - Math.Min(newest, there.Count == 0 ? 0 : there[^1])) + (there.Count > 0 && there[0] != 1 ? 1 : 0);
    }
}
