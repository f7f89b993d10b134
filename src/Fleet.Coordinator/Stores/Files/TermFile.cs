using System.Text.Json;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>The highest term that was given, and to whom: one sealed line.</summary>
internal static class TermFile
{
    /// <summary>0 when there is none yet.</summary>
    /// <exception cref="JournalDamagedException">It is not what was written.</exception>
    public static long Read(StoreFolder folder)
    {
        if (ReadAll(folder) is not { } json)
            return 0;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("term").GetInt64();
    }

    /// <summary>Who was given the term; null when there is none yet, or nobody can tell.</summary>
    public static TermHolder? ReadHolder(StoreFolder folder)
    {
        try
        {
            return ReadAll(folder) is { } json ? TermHolder.Parse(json) : null;
        }
        catch (JournalDamagedException)
        {
            return null;
        }
    }

    public static void Write(StoreFolder folder, TermHolder holder) => folder.Replace(folder.TermFile, SealedLine.Seal(holder.ToJson()));

    private static byte[]? ReadAll(StoreFolder folder)
    {
        if (!folder.Disk.FileExists(folder.TermFile))
            return null;
        var line = folder.Disk.ReadAll(folder.TermFile);
        SealedLine.RefuseOther(folder.TermFile, line);
        return SealedLine.TryOpen(line, out var json) ? json.ToArray() : throw new JournalDamagedException(
            folder.TermFile,
            0,
            "the checksum is wrong.",
            "Make sure that no coordinator runs, and delete the file: the term goes on from the journal's newest entry.");
    }
}
