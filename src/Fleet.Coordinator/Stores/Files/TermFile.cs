using System.Text;
using System.Text.Json;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>The highest term anybody was given, and who: one sealed line.</summary>
public static class TermFile
{
    /// <summary>0 when there is none yet.</summary>
    /// <exception cref="JournalDamagedException">It is not what was written.</exception>
    public static long Read(StoreFolder folder)
    {
        if (!folder.Disk.FileExists(folder.TermFile))
            return 0;
        var line = folder.Disk.ReadAll(folder.TermFile);
        SealedLine.RefuseOther(folder.TermFile, line);
        if (!SealedLine.TryOpen(line, out var json))
        {
            throw new JournalDamagedException(
                folder.TermFile,
                0,
                "the checksum is wrong.",
                "Make sure that no coordinator runs, and delete the file: the term goes on from the journal's newest entry.");
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("term").GetInt64();
    }

    public static void Write(StoreFolder folder, long term, string candidate) =>
        folder.Replace(folder.TermFile, SealedLine.Seal(Encoding.UTF8.GetBytes($"{{\"term\":{term},\"candidate\":{Quoted(candidate)}}}")));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
