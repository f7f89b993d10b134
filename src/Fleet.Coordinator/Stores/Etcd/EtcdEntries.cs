using System.Text.Json;
using Fleet.Coordinator.Journal;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>Reads journal entries out of keys. A large entry's key holds a <see cref="ChunkedValue"/>, any other's the entry as JSON.</summary>
internal sealed class EtcdEntries(EtcdClient client, EtcdKeys keys, EtcdChunks chunks)
{
    /// <summary>Small enough for several to be parsed side by side.</summary>
    public const int PageSize = 128;

    private const int TriesMax = 3;

    /// <summary>The next entries from a revision on, as many as one answer holds.</summary>
    /// <exception cref="EtcdException">What there is cannot be known now.</exception>
    public async Task<EtcdPage> PageAsync(long from, CancellationToken cancellation)
    {
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            if (await TryPageAsync(from, cancellation) is { } page)
                return page;
        }

        throw Damaged(from, "it, or one after it, has lost chunks");
    }

    /// <summary>Null when chunks are missing: dropped between two questions, if nothing worse. Those that are left begin later then.</summary>
    private async Task<EtcdPage?> TryPageAsync(long from, CancellationToken cancellation)
    {
        var range = new RangeRequest(keys.Journal(from)) { RangeEnd = keys.JournalEnd, Limit = PageSize };
        var answer = await client.RangeAsync(range, cancellation, true);
        var entries = new List<JournalEntry>();
        foreach (var key in answer.Keys)
        {
            if (await ReadAsync(key, cancellation) is not { } entry)
                return null;
            if (entries is [.., var last] && entry.Revision != last.Revision + 1)
                throw Damaged(entry.Revision, $"the one before it is {last.Revision}");
            entries.Add(entry);
        }

        return new EtcdPage(entries, answer.More, answer.Header?.Revision ?? 0);
    }

    /// <summary>Null when its chunks have been dropped.</summary>
    public async Task<JournalEntry?> ReadAsync(EtcdKey key, CancellationToken cancellation)
    {
        var revision = keys.RevisionOf(key.Key ?? []);
        var json = key.Value ?? [];
        if (ChunkedValue.Parse(json) is { } chunked)
        {
            if (await chunks.ReadAsync(chunked, cancellation) is not { } joined)
                return null;
            json = joined;
        }

        return Parse(revision, json);
    }

    /// <summary>The newest entry's revision; 0 when there is none.</summary>
    public async Task<long> LastAsync(CancellationToken cancellation) => await EdgeAsync("DESCEND", cancellation);

    /// <summary>The oldest one's.</summary>
    public async Task<long> OldestAsync(CancellationToken cancellation) => await EdgeAsync("ASCEND", cancellation);

    private static JournalEntry Parse(long revision, byte[] json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, JournalJson.Default.JournalEntry) is { } entry && entry.Revision == revision)
                return entry;
        }
        catch (JsonException e)
        {
            throw Damaged(revision, e.Message);
        }

        throw Damaged(revision, "it is another entry");
    }

    private static EtcdException Damaged(long revision, string why) =>
        new(EtcdFailure.Refused, $"entry {revision} of the journal in etcd is not what was written: {why}");

    private async Task<long> EdgeAsync(string order, CancellationToken cancellation)
    {
        var all = new RangeRequest(keys.Journal(0)) { RangeEnd = keys.JournalEnd };
        var range = all with { Limit = 1, SortOrder = order, SortTarget = "KEY", KeysOnly = true };
        return (await client.RangeAsync(range, cancellation)).Only?.Key is { } key ? keys.RevisionOf(key) : 0;
    }
}

/// <param name="HasMore">There were more entries than one answer holds.</param>
/// <param name="StoreRevision">etcd's own number of the moment.</param>
internal sealed record EtcdPage(IReadOnlyList<JournalEntry> Entries, bool HasMore, long StoreRevision);
