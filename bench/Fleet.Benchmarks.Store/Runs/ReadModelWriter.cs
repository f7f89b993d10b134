using Fleet.Benchmarks.Store.World;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Benchmarks.Store.Runs;

/// <summary>The product's projector beside a fleet, with a store of its own as in a coordinator, until it is disposed of.</summary>
internal sealed class ReadModelWriter : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public ReadModelWriter(StoreServers servers, IFleetStore store) => _running = RunAsync(servers, store);

    public ProjectionStatus Status { get; } = new() { IsOn = true };

    /// <exception cref="InvalidOperationException">It cannot write.</exception>
    public async Task ReachAsync(long revision, CancellationToken cancellation)
    {
        while (Status.Revision < revision)
        {
            if (Status.Error is { } error)
                throw new InvalidOperationException($"The read model cannot be written: {error}");
            await Task.Delay(LookEvery, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync(StoreServers servers, IFleetStore store)
    {
        await Task.Yield();
        var target = servers.Target();
        await using var source = target.Open("fleet-bench-projection");
        await using (store)
            await new Projector(store, source, target, Status, () => true, TimeProvider.System, NullLogger<Projector>.Instance).RunAsync(_end.Token);
    }
}
