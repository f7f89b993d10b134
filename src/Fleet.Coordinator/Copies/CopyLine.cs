using System.Text.Json.Serialization;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Copies;

/// <summary>
/// One line of a copy of a fleet's store. A copy is a text file: a header, perhaps a snapshot, the journal's entries in order, and an end that counts
/// and seals all of it. Each line is framed as the file store frames its own (<see cref="Stores.SealedLine"/>). Exactly one of the four is there.
/// </summary>
internal sealed record CopyLine
{
    public CopyHeader? Header { get; init; }

    public FleetState? Snapshot { get; init; }

    public JournalEntry? Entry { get; init; }

    public CopyEnd? End { get; init; }
}

/// <param name="Format">Grows when the lines, or what they mean, change.</param>
/// <param name="Source">Where it was copied from, for people.</param>
internal sealed record CopyHeader(int Format, string Source, DateTimeOffset At)
{
    public const int Newest = 1;
}

/// <param name="Entries">How many.</param>
/// <param name="Term">The highest that the source knew to have been given.</param>
/// <param name="Revision">Of the newest entry.</param>
/// <param name="IsFinal">Nobody can have written after it: the source was closed before it was copied.</param>
/// <param name="Sha256">Of all bytes before this line.</param>
internal sealed record CopyEnd(long Entries, long Term, long Revision, bool IsFinal, string Sha256);

/// <summary>The JSON of copies, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CopyLine))]
internal sealed partial class CopyJson : JsonSerializerContext;
