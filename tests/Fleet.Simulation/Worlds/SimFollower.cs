using Fleet.Coordinator.Core;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;
using Fleet.Simulation.Checkers;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// Whoever follows the journal through a store: from the newest snapshot, entry by entry, and again from the snapshot when it has been overtaken.
/// What it has folded must be what the journal folds to.
/// </summary>
internal sealed class SimFollower(World world, IFleetStore store, MonotonicClock clock)
{
    /// <summary>Texts of whole states are long.</summary>
    private const int LookEvery = 16;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(200);

    private FleetState _state = FleetState.Empty;

    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                await FollowAsync();
            }
            catch (OvertakenException)
            {
                world.Tally.Count("follower-overtaken");
                _state = FleetState.Empty;
            }
            catch (StoreUnreachableException)
            {
                world.Tally.Count("follower-cut-off");
                await Task.Delay(AgainAfter, clock.Time);
            }
        }
    }

    private async Task FollowAsync()
    {
        if (_state.Map.Version.Revision == 0)
            _state = await store.LoadSnapshotAsync(CancellationToken.None) ?? FleetState.Empty;
        await foreach (var entry in store.TailAsync(_state.Map.Version.Revision + 1, CancellationToken.None))
        {
            _state = Evolver.Evolve(_state, entry);
            var folded = world.Store.Folded;
            var isTime = entry.Revision % LookEvery == 0 && folded.Map.Version == _state.Map.Version;
            if (isTime && JournalView.Text(folded) != JournalView.Text(_state))
                throw new CheckFailedException(world, $"At {_state.Map.Version} a follower has\n{JournalView.Text(_state)}");
            if (entry.Revision > world.Store.Entries.Length || world.Store.Entries[(int)entry.Revision - 1].Version != entry.Version)
                throw new CheckFailedException(world, $"A follower is given {entry.Version}, which is not in the journal.");
        }
    }
}
