using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// What a fleet without history begins with, by its configuration. All of it goes into the first entry of the journal: a coordinator that dies at its
/// first start leaves either nothing, or a fleet with every service.
/// </summary>
internal static class Founding
{
    /// <exception cref="InvalidOperationException">The fleet refuses a part of the configuration.</exception>
    public static ImmutableArray<FleetEvent> Events(IEnumerable<Command> commands, Instant now)
    {
        var state = FleetState.Empty;
        var observed = new Observed { Began = now };
        var events = ImmutableArray.CreateBuilder<FleetEvent>();
        foreach (var command in commands)
        {
            var decision = Decider.Decide(state, observed, command, now);
            if (decision is Decision.Refused refused)
                throw new InvalidOperationException($"The configuration is refused: {refused.Reason}");
            var decided = ((Decision.Accepted)decision).Events;
            state = Evolver.Evolve(state, decided);
            events.AddRange(decided);
        }

        return events.ToImmutable();
    }
}
