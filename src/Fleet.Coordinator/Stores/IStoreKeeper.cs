using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Stores;

/// <summary>
/// A store while no coordinator leads in it: to be looked at, closed, and given a whole history. Every implementation passes the contract suite
/// <c>StoreKeeperContract</c>.
/// </summary>
internal interface IStoreKeeper : IAsyncDisposable
{
    /// <summary>For people: where the store is.</summary>
    string Place { get; }

    /// <exception cref="StoreUnreachableException">What the store holds is not known now.</exception>
    Task<StoreLook> LookAsync(CancellationToken cancellation);

    /// <summary>From when it returns nobody can lead, and nothing can be appended. One that is closed stays as it is.</summary>
    /// <exception cref="StoreRefusedException">Somebody leads.</exception>
    Task CloseAsync(StoreClosure closure, CancellationToken cancellation);

    /// <summary>Takes the mark away; nothing happens where there is none.</summary>
    Task ReopenAsync(CancellationToken cancellation);

    /// <summary>
    /// Gives an empty store a history, so that the next term is higher than the history's. If it ends early, nobody can lead in the store until it
    /// has been done again, or the store is empty as before; doing it again begins with an empty store anew.
    /// </summary>
    /// <param name="written">Told how many entries have been written.</param>
    /// <exception cref="StoreRefusedException">The store is not empty, or somebody leads.</exception>
    Task WriteAsync(WholeHistory history, StoreClosure import, Action<long> written, CancellationToken cancellation);
}

/// <param name="Leader">Who leads now; null is nobody.</param>
/// <param name="Term">The highest that is known to have been given.</param>
/// <param name="LastRevision">Of the newest entry or snapshot that must be there; 0 in an empty store.</param>
internal sealed record StoreLook(StoreClosure? Closed, string? Leader, long Term, long LastRevision)
{
    public bool IsEmpty => LastRevision == 0;
}

/// <summary>A history that begins with a snapshot, or with entry 1, and has no gap. Its newest entry is there as an entry.</summary>
/// <param name="Entries">Some of them may be older than the snapshot.</param>
/// <param name="FirstRevision">Of the entries.</param>
/// <param name="Last">Of the newest entry.</param>
/// <param name="Term">The highest that was given.</param>
internal sealed record WholeHistory(
    FleetState? Snapshot, Func<CancellationToken, IAsyncEnumerable<JournalEntry>> Entries, long FirstRevision, MapVersion Last, long Term);

/// <summary>The store is not in the state that was asked for; nothing was changed.</summary>
internal sealed class StoreRefusedException(string message) : Exception(message)
{
    public static StoreRefusedException Led(string place, string? leader) =>
        new($"A coordinator leads in the store in {place}{(leader is null ? "" : $": {leader}")}. Stop all coordinators first; the nodes go on "
            + "without them.");

    public static StoreRefusedException NotEmpty(string place, long lastRevision) =>
        new($"The store in {place} has a history already, up to revision {lastRevision}: nothing was changed. Import into an empty one.");
}
