using Fleet.Coordinator.Journal;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Follows the journal for one reader: what is there by pages, what comes by a watch. When the watch ends, or what it is to tell next has been
/// compacted away, the tail goes on with a page.
/// </summary>
internal sealed class EtcdTail(
    EtcdClient client, EtcdKeys keys, EtcdEntries entries, EtcdReadAhead pages, TimeProvider time, long from) : IAsyncDisposable
{
    /// <summary>So long a member may hang before the tail notices that others know more.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>After a watch that has ended: the next one may end as soon.</summary>
    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(20);

    private long _next = Math.Max(1, from);
    private EtcdWatch? _watch;
    private Task<WatchedEvent[]>? _told;

    /// <summary>The next entries, at least one.</summary>
    /// <exception cref="OvertakenException">The next one has been dropped.</exception>
    /// <exception cref="EtcdException">What there is cannot be known now.</exception>
    public async Task<IReadOnlyList<JournalEntry>> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var found = _watch is null ? await PageAsync(cancellation) : await WatchedAsync(cancellation);
            if (found.Count == 0)
                continue;
            if (found[0].Revision > _next)
                throw new OvertakenException(_next, found[0].Revision);
            _next = found[^1].Revision + 1;
            return found;
        }
    }

    public ValueTask DisposeAsync() => StopWatchAsync();

    /// <summary>The watch begins where a page has ended: with etcd's number of the moment.</summary>
    private async Task<IReadOnlyList<JournalEntry>> PageAsync(CancellationToken cancellation)
    {
        var page = await pages.PageAsync(_next, cancellation);
        if (page.Entries.Count == 0)
        {
            _watch = await client.WatchAsync(
                new WatchCreate(keys.Journal(_next), keys.JournalEnd, page.StoreRevision + 1, ["NODELETE"]), cancellation);
            _told = _watch.NextAsync();
        }

        return page.Entries;
    }

    private async Task<IReadOnlyList<JournalEntry>> WatchedAsync(CancellationToken cancellation)
    {
        var told = _told!;
        using var look = new Deadline(time, LookEvery, cancellation);
        if (await Task.WhenAny(told, look.EndedAsync()) != told)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = await entries.PageAsync(_next, cancellation);
            if (page.Entries.Count > 0 && !told.IsCompleted)
                await StopWatchAsync();
            return told.IsCompleted ? [] : page.Entries;
        }

        try
        {
            return await ReadAsync(await told, cancellation);
        }
        catch (EtcdException)
        {
            await StopWatchAsync();
            await Task.Delay(WatchPause, time, cancellation);
            return [];
        }
    }

    private async Task<IReadOnlyList<JournalEntry>> ReadAsync(WatchedEvent[] events, CancellationToken cancellation)
    {
        var read = new List<JournalEntry>();
        foreach (var one in events)
        {
            var expected = _next + read.Count;
            if (one.Kv is not { } key || await entries.ReadAsync(key, cancellation) is not { } entry || entry.Revision != expected)
            {
                // Not what was to come next: a page says what there is.
                await StopWatchAsync();
                return read;
            }

            read.Add(entry);
        }

        _told = _watch!.NextAsync();
        return read;
    }

    private async ValueTask StopWatchAsync()
    {
        if (_watch is { } watch)
        {
            (_watch, _told) = (null, null);
            await watch.DisposeAsync();
        }
    }
}
