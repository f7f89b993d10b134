using System.Text.Json.Serialization;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Stores;

/// <summary>The JSON of journal entries and snapshots, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(FleetState))]
[JsonSerializable(typeof(StoreClosure))]
internal sealed partial class JournalJson : JsonSerializerContext;
