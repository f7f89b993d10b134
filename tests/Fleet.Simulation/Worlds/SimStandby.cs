using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// What a coordinator does while it waits: it deposes a leader that it heard and hears no more. It counts its own looks, not time, so that one that
/// was stopped takes nobody for silent.
/// </summary>
internal sealed class SimStandby(World world, SimCoordinator self, IFleetStore store, MonotonicClock clock)
{
    private const int SilentMax = 6;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private long _heard;
    private int _silent;

    public async Task RunAsync()
    {
        while (true)
        {
            await Task.Delay(LookEvery, clock.Time);
            if (world.Storage!.Leader is { } leader && IsToBeDeposed(leader))
            {
                world.Tally.Count("silent-leader-deposed");
                await DeposeAsync(leader.Term);
            }
        }
    }

    private bool IsToBeDeposed(TermHolder leader)
    {
        var there = world.Coordinators.First(c => c.Link == leader.Address.Link);
        if (there == self || Hears(there))
        {
            (_heard, _silent) = (leader.Term, 0);
            return false;
        }

        // A connection that is reset is told at once.
        return _heard == leader.Term && ++_silent >= (there.Process.Life is null ? 1 : SilentMax);
    }

    private bool Hears(SimCoordinator there) =>
        there.Process.IsRunning && !world.Network.IsCut(self.Name, there.Name) && !world.Network.IsCut(there.Name, self.Name);

    public async Task DeposeAsync(long term)
    {
        world.Log($"{self.Name} deposes the leader of term {term}");
        _silent = 0;
        try
        {
            await store.DeposeAsync(term, CancellationToken.None);
        }
        catch (StoreUnreachableException)
        {
            // It looks again.
        }
    }
}
