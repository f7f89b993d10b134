using System.Diagnostics;
using Fleet.Benchmarks.Store.Fleets;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;

namespace Fleet.Benchmarks.Store.World;

/// <summary>Leads a fleet that exists in a store only, and writes what happens to it.</summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly Leadership _leadership;

    private Writer(IFleetStore store, FleetHistory history, Leadership leadership) => (Store, History, _leadership) = (store, history, leadership);

    public IFleetStore Store { get; }

    public FleetHistory History { get; }

    /// <summary>The fleet is founded, and a snapshot of it saved, when it returns.</summary>
    public static async Task<Writer> FoundAsync(IFleetStore store, FleetHistory history, CancellationToken cancellation)
    {
        var writer = new Writer(store, history, await store.CampaignAsync(new CoordinatorAddress("bench", null, null), cancellation));
        await store.AppendAsync(history.Found(writer._leadership.Term), cancellation);
        await store.SaveSnapshotAsync(history.State, cancellation);
        return writer;
    }

    /// <summary>How many appends the store could not tell the outcome of in time.</summary>
    public int Doubts { get; private set; }

    /// <summary>The next thing that happens, and how many milliseconds it took to write it down.</summary>
    public async Task<(JournalEntry Entry, bool IsLoss, double Milliseconds)> WriteAsync(CancellationToken cancellation)
    {
        var (entry, isLoss) = History.NextFailover(_leadership.Term);
        var began = Stopwatch.GetTimestamp();
        await AppendAsync(entry, cancellation);
        return (entry, isLoss, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>An append in doubt is looked for, as a leader does, and repeated if it was not written: all of that is what it takes.</summary>
    private async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        for (var isWritten = false; !isWritten;)
        {
            try
            {
                await Store.AppendAsync(entry, cancellation);
                return;
            }
            catch (StoreUnreachableException)
            {
                Doubts++;
                isWritten = await Store.ReadAsync(entry.Revision, cancellation).AnyAsync(cancellation);
            }
        }
    }

    /// <summary>Gives the leadership back.</summary>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
