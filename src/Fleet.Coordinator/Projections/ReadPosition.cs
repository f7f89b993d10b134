using Fleet.Coordinator.Stores;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>How far a read model is.</summary>
/// <param name="Cluster">Whose it is; null when it is empty.</param>
/// <param name="At">Of the newest entry.</param>
/// <param name="EffectiveAt">The same, or the newest before it: those that come do not go back behind it.</param>
internal sealed record ReadPosition(string? Cluster, long Revision, long Term, DateTimeOffset At, DateTimeOffset EffectiveAt)
{
    public static readonly ReadPosition Empty = new(null, 0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    public static async Task<ReadPosition> LoadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            """
            select p.cluster, p.revision, p.term, coalesce(e.at, p.effective_at), p.effective_at
            from fleet_model.position p left join fleet_model.entry e using (revision)
            """, connection);
        await using var row = await read.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new ReadPosition(
                row.GetString(0), row.GetInt64(1), row.GetInt64(2), new DateTimeOffset(row.GetDateTime(3)), new DateTimeOffset(row.GetDateTime(4)))
            : Empty;
    }

    /// <summary>The newest entry in the read model is the journal's too. One that the journal has dropped cannot be compared.</summary>
    /// <exception cref="OtherHistoryException">It is not.</exception>
    public static async Task ExpectSameHistoryAsync(ReadPosition position, IFleetStore store, CancellationToken cancellation)
    {
        if (position.Revision == 0)
            return;
        await foreach (var entry in store.ReadAsync(position.Revision, cancellation))
        {
            // The database counts in microseconds, and snapshots do not say when their last entry was.
            if (entry.Revision == position.Revision && entry.Term != position.Term)
                throw new OtherHistoryException(
                    $"Revision {position.Revision} is of term {position.Term} in the read model, and of term {entry.Term} in the journal: the "
                    + "database has another fleet's history, or the journal was restored from a copy.");
            return;
        }

        throw new OtherHistoryException(
            $"The read model is at revision {position.Revision}, which the journal does not reach: the database has another fleet's history, or the "
            + "journal was restored from a copy.");
    }
}

/// <summary>Somebody else has moved the position: what is known here about the read model is outdated.</summary>
internal sealed class PositionMovedException(long revision) : Exception($"The read model is not at revision {revision} any more.");

/// <summary>The read model holds another history than the fleet's journal.</summary>
internal sealed class OtherHistoryException(string message) : Exception(message);
