using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Journal;

/// <summary>One line of the journal: events that happen together or not at all. Its revision is the number of the map it makes.</summary>
/// <param name="Revision">The entry before plus one; the first is 1.</param>
/// <param name="At">Wall clock of the leader, for people.</param>
/// <param name="By">Who caused it: the leader itself, or a user of the API.</param>
internal sealed record JournalEntry(long Revision, long Term, DateTimeOffset At, Principal By, ImmutableArray<FleetEvent> Events)
{
    [JsonIgnore]
    public MapVersion Version => new(Term, Revision);
}
