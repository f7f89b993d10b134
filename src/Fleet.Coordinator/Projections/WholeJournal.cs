using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>The journal as far back as anybody has it: what the fleet's store has, and before that the read model's copy.</summary>
/// <param name="oldest">The first revision that the store has.</param>
internal sealed class WholeJournal(IFleetStore store, NpgsqlConnection connection, long oldest)
{
    private const int PageMax = 500;

    /// <summary>The store alone has all of it.</summary>
    public bool IsWholeInStore => oldest <= 1;

    public static async Task<WholeJournal> OpenAsync(IFleetStore store, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await foreach (var entry in store.ReadAsync(1, cancellation))
            return new WholeJournal(store, connection, entry.Revision);
        return new WholeJournal(store, connection, long.MaxValue);
    }

    /// <summary>Some entries from one revision on, at least one, and none after another.</summary>
    /// <exception cref="HistoryMissingException">Nobody has the first.</exception>
    public async Task<List<JournalEntry>> ReadAsync(long from, long to, CancellationToken cancellation)
    {
        var last = Math.Min(to, from + PageMax - 1);
        var source = from >= oldest
            ? store.ReadAsync(from, cancellation)
            : Checkpoints.EntriesAsync(connection, from, Math.Min(last, oldest - 1), cancellation);
        var entries = new List<JournalEntry>();
        await foreach (var entry in source)
        {
            if (entry.Revision > last)
                break;
            if (entry.Revision != from + entries.Count)
                throw new HistoryMissingException(from + entries.Count);
            entries.Add(entry);
        }

        return entries.Count > 0 ? entries : throw new HistoryMissingException(from);
    }
}

/// <summary>A revision is neither in the fleet's journal any more nor in the read model.</summary>
internal sealed class HistoryMissingException(long revision) : Exception(
    $"Revision {revision} is neither in the fleet's journal any more nor in the read model's copy: nothing was changed. A read model without it "
    + "begins in an empty database: pbm store migrate there, and name it in fleet.coordinator.projection.");
