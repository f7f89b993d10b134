using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

/// <summary>Follows a journal beside its test, so that whatever fails in the test is what the test ends with.</summary>
internal sealed class TailReader : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<long> _read = [];
    private readonly Task _reading;

    public TailReader(IFleetStore store) => _reading = Task.Run(() => ReadAsync(store));

    /// <summary>The revisions that came, in their order.</summary>
    public IReadOnlyList<long> Read
    {
        get
        {
            lock (_read)
                return [.. _read];
        }
    }

    /// <summary>Returns when so many entries have come; throws what ends the reading before.</summary>
    public async Task HasAsync(int count, CancellationToken cancellation)
    {
        while (Read.Count < count)
        {
            if (_reading.IsCompleted)
                await _reading;
            await Task.Delay(5, cancellation);
        }
    }

    /// <summary>Returns when it waits for the next entry, by a watch by now: before it waits it has none that a member could fail.</summary>
    public async Task WaitsAsync(CancellationToken cancellation)
    {
        var before = Read.Count;
        await Task.Delay(300, cancellation);
        Read.Count.ShouldBe(before);
        _reading.IsCompleted.ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task ReadAsync(IFleetStore store)
    {
        await foreach (var entry in store.TailAsync(1, _end.Token))
        {
            lock (_read)
                _read.Add(entry.Revision);
        }
    }
}
