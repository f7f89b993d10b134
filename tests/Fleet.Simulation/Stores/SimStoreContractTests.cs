using System.Diagnostics;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;

namespace Fleet.Simulation.Stores;

/// <summary>The store of the simulated worlds keeps what the real ones keep: here with a wire that takes no time.</summary>
public sealed class SimStoreContractTests : FleetStoreContract
{
    private readonly SimStorage _storage = new(() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000), 1000, TimeSpan.FromSeconds(10));

    private protected override IFleetStore OpenStore() =>
        new SimStore(_storage, new ImmediateWire(_storage), LeadershipTiming.Default, MonotonicClock.System);

    private protected override Task DeposeAsync(IFleetStore leader)
    {
        lock (_storage)
            _storage.LoseSession();
        return Task.CompletedTask;
    }

    private sealed class ImmediateWire(SimStorage storage) : IStoreWire
    {
        public Task<T> CallAsync<T>(Func<long, T> carryOut, bool isWrite, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (storage)
            {
                try
                {
                    return Task.FromResult(carryOut(0));
                }
                catch (Exception e) when (e is FencedException or OvertakenException or ArgumentException)
                {
                    return Task.FromException<T>(e);
                }
            }
        }

        public Task ChangedAsync(long seen, CancellationToken cancellation) => Task.Delay(5, cancellation);
    }
}
