using System.Text.Json;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>The highest term that was given, and to whom: one sealed line.</summary>
internal static class TermFile
{
    /// <summary>0 when there is none yet.</summary>
    /// <exception cref="JournalDamagedException">It is not what was written.</exception>
    public static long Read(StoreFolder folder) => ReadAll(folder)?.GetProperty("term").GetInt64() ?? 0;

    /// <summary>Who was given the term; null when there is none yet, or nobody can tell.</summary>
    public static CoordinatorAddress? ReadHolder(StoreFolder folder)
    {
        try
        {
            return ReadAll(folder) is not { } written ? null : new CoordinatorAddress(
                written.GetProperty("name").GetString() ?? "",
                LinkAddress.TryParse(written.GetProperty("link").GetString() ?? "", LinkTransport.Ws, out var link) ? link : null,
                written.GetProperty("api").GetString());
        }
        catch (Exception e) when (e is JournalDamagedException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    public static void Write(StoreFolder folder, long term, CoordinatorAddress candidate)
    {
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteNumber("term", term);
            json.WriteString("name", candidate.Name);
            json.WriteString("link", candidate.Link?.ToString());
            json.WriteString("api", candidate.Api);
            json.WriteEndObject();
        }

        folder.Replace(folder.TermFile, SealedLine.Seal(written.ToArray()));
    }

    private static JsonElement? ReadAll(StoreFolder folder)
    {
        if (!folder.Disk.FileExists(folder.TermFile))
            return null;
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
        return document.RootElement.Clone();
    }
}
