using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Stores;

/// <summary>
/// Where a fleet's history is kept, and who may write it. Every implementation passes the contract suite <c>FleetStoreContract</c>.
/// The rule that keeps a fleet whole: once <see cref="CampaignAsync"/> has returned term t to anybody, no append with a term below t succeeds, ever.
/// </summary>
internal interface IFleetStore : IAsyncDisposable
{
    /// <summary>
    /// Waits until this process leads, with a term higher than any before. The store renews the leadership by itself, for as long as the store lives
    /// and is not disposed of. It ends the leadership when that is lost, with the next campaign, and when the store is disposed of.
    /// </summary>
    /// <param name="candidate">Who this is, for the others to know.</param>
    Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation);

    /// <summary>
    /// Who leads, as far as the store knows; null when nobody does, or nobody knows. The answer may be outdated when it arrives: a client that is
    /// sent there may be sent on, or find nobody.
    /// </summary>
    /// <exception cref="StoreUnreachableException">What the store holds is not known now.</exception>
    Task<TermHolder?> LeaderAsync(CancellationToken cancellation);

    /// <summary>
    /// Takes the leadership from whoever leads that term, for a coordinator that waits and hears nothing of the leader. It need not be dead: it
    /// writes nothing more, and whoever leads next does so only when nothing more can be acknowledged in the old term. Does nothing when that term is
    /// over, or in a store where nobody can take the leadership from a process that lives.
    /// </summary>
    /// <exception cref="StoreUnreachableException">Whether it has been taken is not known.</exception>
    Task DeposeAsync(long term, CancellationToken cancellation);

    /// <summary>
    /// Appends one entry, durably, before it returns. The entry's revision must be the last one plus one.
    /// </summary>
    /// <exception cref="FencedException">Another coordinator has led since: this one must stop at once.</exception>
    /// <exception cref="StoreUnreachableException">
    /// Not acknowledged. Unless it says <see cref="StoreUnreachableException.IsSurelyNotWritten"/>, the entry may be in the store or not: the caller
    /// reads it again, and appends nothing, until it knows.
    /// </exception>
    Task AppendAsync(JournalEntry entry, CancellationToken cancellation);

    /// <summary>
    /// The entries from a revision on, in order, up to the newest. After an append whose outcome is unknown, reading settles it for good: an entry
    /// that is not returned cannot appear later. A store that cannot promise that yet throws.
    /// </summary>
    /// <exception cref="StoreUnreachableException">What the store holds is not known now.</exception>
    IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, CancellationToken cancellation);

    /// <summary>
    /// The same, and then every new entry as it is acknowledged, until cancelled: for coordinators that follow. It never returns an entry that may
    /// still be taken back, and never leaves one out.
    /// </summary>
    /// <exception cref="OvertakenException">The next entry has been dropped: start again after the newest snapshot.</exception>
    /// <exception cref="StoreUnreachableException">What the store holds is not known now: go on later, from the same entry.</exception>
    IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation);

    /// <summary>Keeps a state, so that reading may start there. Entries it covers may be dropped, all but the newest <c>1,000</c>.</summary>
    Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation);

    /// <summary>The newest snapshot, or null.</summary>
    Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation);
}

/// <summary>A write in a term that is over.</summary>
internal sealed class FencedException(long term, long current)
    : Exception($"Term {term} is over: term {current} has begun.")
{
    public long Term => term;

    public long Current => current;
}

/// <summary>A follower read the journal too slowly: its next entry is only in a snapshot now.</summary>
internal sealed class OvertakenException(long next, long oldest)
    : Exception($"Revision {next} of the journal has been dropped, the oldest is {oldest}: start again after the newest snapshot.")
{
    public long Next => next;

    public long Oldest => oldest;
}

/// <summary>The store did not answer, or could not write.</summary>
internal sealed class StoreUnreachableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The entry is not in the store and will not appear there. False when nobody can tell, which is the default.</summary>
    public bool IsSurelyNotWritten { get; init; }
}
