using System.Text.Json;

namespace Fleet.Coordinator.Stores;

/// <summary>
/// A mark in a store: nobody leads in it while it is there. It is set when the fleet moves to another store, so that a coordinator that is started on
/// the old one by mistake does not lead a second fleet; and while an import is under way, so that nobody leads from half a history.
/// </summary>
/// <param name="IsImport">An import that has begun and not ended.</param>
/// <param name="By">Who set it, for people.</param>
/// <param name="Where">Where the fleet moved to, or what is being imported.</param>
/// <param name="Id">No two are equal: whoever writes during an import compares it.</param>
internal sealed record StoreClosure(bool IsImport, DateTimeOffset At, string By, string Where, string Id)
{
    /// <summary>For people: what it means, and what to do.</summary>
    public string Sentence => IsImport
        ? $"holds half a history: the import of {Where}, which {By} began at {At:u}, has not ended. Import again: pbm store import"
        : $"was closed at {At:u} by {By}: the fleet moved to {Where}, and nobody may lead here. If it never ran there: pbm store reopen";

    /// <summary>One JSON object, in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.StoreClosure);

    /// <summary>What cannot be read closes the store all the same.</summary>
    public static StoreClosure Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, JournalJson.Default.StoreClosure) is { By: not null, Where: not null, Id: not null } closure)
                return closure;
        }
        catch (JsonException)
        {
            // See below.
        }

        return new StoreClosure(false, DateTimeOffset.UnixEpoch, "somebody", "a place that the mark does not name", "");
    }
}

/// <summary>A campaign in a store that is closed.</summary>
internal sealed class StoreClosedException(string place, StoreClosure closure) : Exception($"The store in {place} {closure.Sentence}")
{
    public StoreClosure Closure => closure;
}
