namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// What a person can do about a damaged journal: restore it, or go on without the damaged part. The commands are spelled out, because nothing of ours
/// throws away what was acknowledged. <c>docs/JOURNAL.md</c> says what that costs.
/// </summary>
internal static class JournalRemedy
{
    private const string Restore = "Stop the coordinator, keep a copy of the folder, and restore it from a backup.";

    /// <param name="damaged">The first revision of the damaged segment.</param>
    /// <param name="goodLength">Where its good entries end.</param>
    /// <param name="lastGood">The revision of the last of them, or of the last before the segment.</param>
    public static string For(StoreFolder folder, long damaged, long goodLength, long lastGood)
    {
        var segments = folder.Segments();
        var next = segments.FirstOrDefault(first => first > damaged);
        var snapshot = folder.Snapshots().FirstOrDefault();
        if (next > 0 && snapshot >= next - 1)
        {
            var covered = segments.TakeWhile(first => first <= damaged).Select(folder.SegmentFile);
            return $"{Restore} Or give up that part of the history, which the snapshot of revision {snapshot} covers: rm {string.Join(' ', covered)}";
        }

        // Without the entries from the first on, only a snapshot says how it all began.
        if (segments[0] > 1 && !folder.Snapshots().Any(revision => revision <= lastGood && revision >= segments[0] - 1))
            return Restore;
        string[] newer =
        [
            .. segments.Where(first => first > damaged).Select(folder.SegmentFile),
            .. folder.Snapshots().Where(revision => revision > lastGood).Select(folder.SnapshotFile),
            folder.AcknowledgedFile,
        ];
        return $"{Restore} Or, with every node's agent stopped, lose all that happened after revision {lastGood}: "
            + $"truncate -s {goodLength} {folder.SegmentFile(damaged)} && rm -f {string.Join(' ', newer)}";
    }
}
