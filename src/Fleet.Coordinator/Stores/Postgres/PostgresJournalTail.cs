using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>Follows the journal: reads what is there, then listens, and looks every so often all the same.</summary>
internal static class PostgresJournalTail
{
    /// <param name="sessions">Of connections that are not pooled.</param>
    public static async IAsyncEnumerable<JournalEntry> FollowAsync(
        PostgresQueries queries,
        NpgsqlDataSource sessions,
        TimeSpan every,
        long fromRevision,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var bell = new NotificationBell(sessions, StoreSql.Channel);
        var wasTold = true;
        for (var next = Math.Max(1, fromRevision); ;)
        {
            var page = await queries.PageAsync(next, cancellation);
            if (page.Count > 0 && !wasTold)
                await bell.SilenceAsync();
            foreach (var entry in page)
            {
                if (entry.Revision != next)
                    throw new OvertakenException(next, entry.Revision);
                yield return entry;
                next++;
            }

            if (page.Count > 0)
                continue;
            await ThrowIfDroppedAsync(queries, next, cancellation);
            wasTold = await bell.RingsAsync(every, cancellation);
        }
    }

    /// <summary>A journal that was copied from elsewhere may begin with a snapshot, and no entry.</summary>
    private static async Task ThrowIfDroppedAsync(PostgresQueries queries, long next, CancellationToken cancellation)
    {
        var (oldest, last) = await queries.ExtentAsync(cancellation);
        if (oldest is null && last >= next)
            throw new OvertakenException(next, last + 1);
    }
}
