using System.Text.Json;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Copies;

/// <summary>Brings a copy into an empty store. Done twice it does no more than once.</summary>
/// <param name="by">Who asks for it.</param>
internal sealed class StoreImport(IStoreKeeper keeper, IFleetStore store, string by, TimeProvider time, Action<long> written)
{
    /// <returns>False when it was there already.</returns>
    public async Task<bool> WriteAsync(CheckedCopy copy, CancellationToken cancellation)
    {
        var look = await keeper.LookAsync(cancellation);
        if (look.Closed is { IsImport: false } closed)
            throw new StoreClosedException(keeper.Place, closed);
        if (look.Leader is not null)
            throw StoreRefusedException.Led(keeper.Place, look.Leader);
        var history = Restart.After(copy, time.GetUtcNow());
        if (look is { IsEmpty: false, Closed: null })
            return await IsThereAsync(copy, history, cancellation) ? false : throw StoreRefusedException.NotEmpty(keeper.Place, look.LastRevision);
        var import = new StoreClosure(true, time.GetUtcNow(), by, Path.GetFileName(copy.File), Guid.NewGuid().ToString("n"));
        await keeper.WriteAsync(history, import, written, cancellation);
        if (!await IsThereAsync(copy, history, cancellation))
        {
            throw new StoreRefusedException(
                $"What was written into the store in {keeper.Place} is not what is read from it: empty it, and import again.");
        }

        return true;
    }

    /// <summary>The store folds to what the copy does, and ends where the copy's history ends.</summary>
    private async Task<bool> IsThereAsync(CheckedCopy copy, WholeHistory history, CancellationToken cancellation)
    {
        var fold = new HistoryFold();
        if (await store.LoadSnapshotAsync(cancellation) is { } snapshot)
            fold.Begin(snapshot);
        await foreach (var entry in store.ReadAsync(1, cancellation))
        {
            if (fold.Take(entry) is not null)
                return false;
        }

        var map = copy.State.Map with { Version = history.Last, Parent = fold.State.Map.Parent };
        return fold.Last == history.Last && Text(fold.State) == Text(copy.State with { Map = map });
    }

    private static string Text(State.FleetState state) => JsonSerializer.Serialize(state, JournalJson.Default.FleetState);
}
