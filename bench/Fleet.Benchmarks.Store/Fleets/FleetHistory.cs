using System.Collections.Immutable;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Store.Fleets;

/// <summary>What has happened to one fleet, entry by entry, for whoever writes it to a store.</summary>
internal sealed class FleetHistory(int nodes, int vips, int seed)
{
    private readonly Random _random = new(seed);
    private (FleetState Before, NodeName Node)? _lost;

    public FleetState State { get; private set; } = FleetState.Empty;

    public long Revision => State.Map.Version.Revision;

    public JournalEntry Found(long term) => Next(term, BenchFleet.Founding(nodes, vips));

    /// <summary>By turns: some node is lost, and comes back.</summary>
    public (JournalEntry Entry, bool IsLoss) NextFailover(long term)
    {
        if (_lost is { } lost)
        {
            _lost = null;
            return (Next(term, BenchFleet.Returned(lost.Before, lost.Node)), false);
        }

        var node = BenchFleet.Node(_random.Next(nodes));
        _lost = (State, node);
        return (Next(term, BenchFleet.Lost(State, node)), true);
    }

    private JournalEntry Next(long term, ImmutableArray<FleetEvent> events)
    {
        var entry = new JournalEntry(Revision + 1, term, TimeProvider.System.GetUtcNow(), Principal.Leader, events);
        State = Evolver.Evolve(State, entry);
        return entry;
    }
}
