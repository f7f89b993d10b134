using System.Text.Json;
using Fleet.Coordinator.Journal;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Appends, one at a time. Each is one transaction that compares what it relies on: that this process leads, in this term, and that the entry is the
/// next. An answer that is lost is made up for: see <see cref="RuleOutLateWriteAsync"/>.
/// </summary>
internal sealed class EtcdJournal(EtcdClient client, EtcdKeys keys, EtcdChunks chunks, EtcdStanding standing)
{
    /// <summary>Larger ones go in chunks, so that a page of many entries stays a bearable answer.</summary>
    private const int InlineMax = 64 * 1024;

    /// <summary>Each lost answer costs one, and so does a late transaction of an earlier append that comes through after all.</summary>
    private const int TriesMax = 3;

    private long _leaderModified = standing.CreateRevision;
    private int _chunked;
    private bool _mayComeLate;

    /// <summary>A transaction may be on its way to etcd whose outcome nobody knows.</summary>
    public bool IsInDoubt => _mayComeLate;

    /// <exception cref="FencedException">It does not lead any more.</exception>
    /// <exception cref="StoreUnreachableException">Not acknowledged.</exception>
    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var doing = $"append entry {entry.Revision}";
        byte[] value;
        try
        {
            if (_mayComeLate)
                await RuleOutLateWriteAsync(entry.Revision, cancellation);
            value = await ValueAsync(entry, cancellation);
        }
        catch (EtcdException e)
        {
            throw new StoreUnreachableException($"Could not {doing}: {e.Message}", e) { IsSurelyNotWritten = true };
        }

        for (var tries = 1; ; tries++)
        {
            if (await TryAsync(entry, value, doing, cancellation))
                return;
            if (tries == TriesMax)
                throw new StoreUnreachableException($"Could not {doing}: etcd lost it {tries} times.") { IsSurelyNotWritten = true };
        }
    }

    /// <summary>
    /// A transaction whose answer was lost may lie in the queue of a member that hangs, and be carried out at any later time. To rule that out the
    /// leader's key is written anew, with what it holds: every append compares when that was last written, so none that was sent before can succeed
    /// any more. The same transaction reads the entry, so that what it says is final. It may be repeated.
    /// </summary>
    /// <returns>What the entry's key holds, for good; null when there is none.</returns>
    /// <exception cref="EtcdException">It remains unknown.</exception>
    public async Task<byte[]?> RuleOutLateWriteAsync(long revision, CancellationToken cancellation)
    {
        var entry = new RangeRequest(keys.Journal(revision));
        var rule = new TxnRequest(
            standing.Leads(keys), [entry, new PutRequest(keys.Leader, standing.Holder) { Lease = standing.Lease }], [entry]);
        var answer = await client.TxnAsync(rule, true, cancellation);
        // Whoever does not lead any more has no key to compare: nothing of it can succeed either.
        if (answer.Succeeded)
            _leaderModified = answer.Revision;
        _mayComeLate = false;
        return answer.Found(0)?.Value;
    }

    /// <summary>False when it is surely not written and may be tried again.</summary>
    private async Task<bool> TryAsync(JournalEntry entry, byte[] value, string doing, CancellationToken cancellation)
    {
        _mayComeLate = true;
        TxnAnswer answer;
        try
        {
            answer = await client.TxnAsync(Append(entry.Revision, value), false, cancellation);
        }
        catch (EtcdException e) when (e.Failure == EtcdFailure.Unknown)
        {
            return await IsWrittenAsync(entry.Revision, value, doing, cancellation);
        }
        catch (EtcdException e)
        {
            _mayComeLate = false;
            throw e.ForStore(doing);
        }

        _mayComeLate = false;
        return answer.Succeeded || IsWorthAnotherTry(entry, answer);
    }

    private async Task<bool> IsWrittenAsync(long revision, byte[] value, string doing, CancellationToken cancellation)
    {
        try
        {
            return await RuleOutLateWriteAsync(revision, cancellation) is { } found && found.AsSpan().SequenceEqual(value);
        }
        catch (EtcdException e)
        {
            throw new StoreUnreachableException($"Could not {doing}, and whether it has been written is not known: {e.Message}", e);
        }
    }

    private TxnRequest Append(long revision, byte[] value) => new(
        [
            .. standing.Leads(keys),
            TxnCompare.Modified(keys.Leader, _leaderModified),
            TxnCompare.Created(keys.Journal(revision), 0),
            revision == 1 ? TxnCompare.IsEmpty(keys.Journal(0), keys.JournalEnd) : TxnCompare.Exists(keys.Journal(revision - 1)),
        ],
        [new PutRequest(keys.Journal(revision), value)],
        [new RangeRequest(keys.Leader) { KeysOnly = true }, new RangeRequest(keys.Term)]);

    /// <summary>Why a transaction did not fit: false when it will once more is known, otherwise it throws.</summary>
    private bool IsWorthAnotherTry(JournalEntry entry, TxnAnswer answer)
    {
        var current = TermMark.TryParse(answer.Found(1)?.Value, out var mark) ? mark.Term : 0;
        if (answer.Found(0) is not { } leader || leader.CreateRevision != standing.CreateRevision || current != standing.Term)
            throw new FencedException(entry.Term, current);
        if (leader.ModRevision == _leaderModified)
            throw new ArgumentException($"Revision {entry.Revision} is not the next.", nameof(entry));
        _leaderModified = leader.ModRevision;
        return false;
    }

    private async Task<byte[]> ValueAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
        if (json.Length <= InlineMax)
            return json;
        var (value, parts) = ChunkedValue.Cut(EtcdKeys.ChunksOf("entry", entry.Revision, entry.Term, ++_chunked), json);
        // One that does not lead finds out by the append itself.
        await chunks.WriteAsync(standing, value.Name, parts, cancellation);
        return value.ToOctets();
    }
}
