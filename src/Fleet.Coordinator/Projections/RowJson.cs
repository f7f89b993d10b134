using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Projections;

/// <summary>The JSON in the read model. It is the journal's; jsonb keeps it in another order.</summary>
internal static class RowJson
{
    private static readonly JournalJson Json =
        new(new JsonSerializerOptions(JournalJson.Default.Options) { AllowOutOfOrderMetadataProperties = true });

    public static string Write(FleetEvent happened) => JsonSerializer.Serialize(happened, Json.FleetEvent);

    public static string Write(Service service) => JsonSerializer.Serialize(service, Json.Service);

    public static string Write(FleetState state) => JsonSerializer.Serialize(state, Json.FleetState);

    public static FleetEvent ReadEvent(string json) => JsonSerializer.Deserialize(json, Json.FleetEvent)!;

    public static FleetState ReadState(string json) => JsonSerializer.Deserialize(json, Json.FleetState)!;
}
