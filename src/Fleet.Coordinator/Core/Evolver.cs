using System.Diagnostics;
using Fleet.Coordinator.Backends;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.Sites;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// Folds what happened into the next state. It never refuses: what happened, happened. Events about things that are gone change nothing. Each event
/// belongs to one fold, which reports the VIPs that it touched.
/// </summary>
internal static class Evolver
{
    /// <summary>Folds a whole entry and numbers the map with it.</summary>
    /// <exception cref="InvariantBrokenException">The entry does not follow the state, or an event touches VIPs without reporting them.</exception>
    public static FleetState Evolve(FleetState state, JournalEntry entry) => Apply(state, entry).State;

    /// <inheritdoc cref="Evolve(FleetState, JournalEntry)"/>
    public static Evolved Apply(FleetState state, JournalEntry entry)
    {
        OwnershipInvariant.Follows(state.Map.Version, entry);
        var (next, touched) = (state, new HashSet<VipAddress>());
        foreach (var happened in entry.Events)
        {
            var folded = Step(next, happened, entry.Revision);
            next = folded.State;
            touched.UnionWith(folded.Touched);
        }

        return new Evolved(next with { Map = next.Map with { Version = entry.Version, Parent = state.Map.Version } }, touched);
    }

    /// <summary>Folds one event of the entry with that revision.</summary>
    public static FleetState Evolve(FleetState state, FleetEvent happened, long revision) => Step(state, happened, revision).State;

    /// <summary>Folds events of the entry that comes next.</summary>
    public static FleetState Evolve(FleetState state, IEnumerable<FleetEvent> events) =>
        events.Aggregate(state, (folded, happened) => Evolve(folded, happened, state.Map.Version.Revision + 1));

    private static Folded Step(FleetState state, FleetEvent happened, long revision)
    {
        var (next, touched) = Fold(state, happened, revision);
        if (touched.IsEmpty && !ReferenceEquals(state.Map.Vips, next.Map.Vips))
            throw new InvariantBrokenException($"{happened.GetType().Name} changes VIPs and does not say which.");
        return new Folded(next.Following(state, touched), touched);
    }

    /// <summary>The registration: one line for each fold.</summary>
    private static Folded Fold(FleetState state, FleetEvent happened, long revision) =>
        (happened is FleetEvent.TermBegun ? Folded.Untouched(state) : (Folded?)null)
        ?? MembershipFold.Fold(state, happened, revision)
        ?? OwnershipFold.Fold(state, happened, revision)
        ?? ServiceFold.Fold(state, happened, revision)
        ?? SiteFold.Fold(state, happened)
        ?? BackendFold.Fold(state, happened)
        ?? DemandFold.Fold(state, happened)
        ?? throw new UnreachableException($"No room folds {happened.GetType().Name}.");
}

/// <summary>The state after an entry.</summary>
/// <param name="Touched">The VIPs that may differ, each once.</param>
internal sealed record Evolved(FleetState State, IReadOnlyCollection<VipAddress> Touched);
