using System.Text.Json;
using Fleet.Coordinator.Journal;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Writes a history below an import's mark. Each transaction compares the mark, so that one that comes late, after the import has ended or another
/// has begun, writes nothing. The last one takes the mark away.
/// </summary>
internal sealed class EtcdImport(EtcdClient client, EtcdKeys keys, StoreClosure import)
{
    /// <summary>As for entries of the journal: <see cref="EtcdJournal"/>.</summary>
    private const int InlineMax = 64 * 1024;

    /// <summary>etcd takes 128 operations in one transaction, and 1.5 MB in one request, of which base64 takes a third.</summary>
    private const int BatchPutsMax = 100;

    private const int BatchBytesMax = 512 * 1024;

    private readonly TxnCompare _isMine = TxnCompare.Holds(keys.Closed, import.ToJson());
    private readonly List<TxnOperation> _batch = [];
    private int _batchBytes;

    public async Task WriteAsync(WholeHistory history, long term, Action<long> written, CancellationToken cancellation)
    {
        await MustAsync([
            new DeleteRangeRequest(keys.Journal(0)) { RangeEnd = keys.JournalEnd },
            new DeleteRangeRequest(keys.Chunks("")) { RangeEnd = keys.ChunksEnd },
            new DeleteRangeRequest(keys.Snapshot),
        ], cancellation);
        var count = 0L;
        await foreach (var entry in history.Entries(cancellation))
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
            var name = EtcdKeys.ChunksOf("entry", entry.Revision, entry.Term, 0);
            await PutAsync(keys.Journal(entry.Revision), json.Length <= InlineMax ? json : await CutAsync(name, json, cancellation), cancellation);
            written(++count);
        }

        if (history.Snapshot is { } state)
        {
            var name = EtcdKeys.ChunksOf("snapshot", state.Map.Version.Revision, state.Map.Version.Term, 0);
            var json = JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.FleetState);
            await PutAsync(keys.Snapshot, await CutAsync(name, json, cancellation), cancellation);
        }

        await FlushAsync(cancellation);
        await EndAsync(new TermMark(term, false), cancellation);
    }

    private async Task<byte[]> CutAsync(string name, byte[] octets, CancellationToken cancellation)
    {
        var (value, chunks) = ChunkedValue.Cut(name, octets);
        for (var i = 0; i < chunks.Length; i++)
            await MustAsync([new PutRequest(keys.Chunk(name, i), chunks[i])], cancellation);
        return value.ToOctets();
    }

    private async Task PutAsync(byte[] key, byte[] value, CancellationToken cancellation)
    {
        if (_batch.Count == BatchPutsMax || _batchBytes + value.Length > BatchBytesMax)
            await FlushAsync(cancellation);
        _batch.Add(new PutRequest(key, value));
        _batchBytes += value.Length;
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (_batch.Count > 0)
            await MustAsync([.. _batch], cancellation);
        _batch.Clear();
        _batchBytes = 0;
    }

    /// <summary>May be repeated: the keys are this import's, and hold the same however often they are written.</summary>
    private async Task MustAsync(TxnOperation[] operations, CancellationToken cancellation)
    {
        if (!(await client.TxnAsync(new TxnRequest([_isMine], operations, []), true, cancellation, true)).Succeeded)
            throw new StoreRefusedException("Another import into this store has begun since: this one writes nothing more.");
    }

    /// <summary>Where the answer to the first try was lost, the second finds no mark, and the term that was set.</summary>
    private async Task EndAsync(TermMark mark, CancellationToken cancellation)
    {
        var end = new TxnRequest(
            [_isMine],
            [new PutRequest(keys.Term, mark.ToOctets()), new DeleteRangeRequest(keys.Closed)],
            [new RangeRequest(keys.Closed), new RangeRequest(keys.Term)]);
        var answer = await client.TxnAsync(end, true, cancellation);
        if (!answer.Succeeded && (answer.Found(0) is not null || !TermMark.TryParse(answer.Found(1)?.Value, out var found) || found.Term < mark.Term))
            throw new StoreRefusedException("Another import into this store has begun since: this one has not ended.");
    }
}
