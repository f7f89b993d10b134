using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// A fleet's history in etcd, for coordinators on several hosts. Every write compares, in its own transaction, that its writer leads. Why it is as it
/// is: docs/decisions/0015-etcd.md.
/// </summary>
internal sealed partial class EtcdFleetStore : IFleetStore
{
    private readonly LeadershipTiming _timing;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly MonotonicClock _clock;
    private readonly EtcdKeys _keys;
    private readonly EtcdClient _client;
    private readonly EtcdElection _election;
    private readonly EtcdChunks _chunks;
    private readonly EtcdEntries _entries;
    private readonly EtcdSnapshots _snapshots;
    private readonly Turns _campaigns = new();
    private readonly Turns _writes = new();
    private readonly CancellationTokenSource _closing = new();
    private EtcdReign? _reign;

    /// <summary>What was begun to be read last: whoever comes to lead goes on with it.</summary>
    private volatile EtcdReadAhead? _reading;

    public EtcdFleetStore(
        EtcdSettings settings, LeadershipTiming timing, IDisk disk, IAside aside, TimeProvider time, ILogger<EtcdFleetStore> log)
    {
        (_timing, _time, _log, _clock) = (timing, time, log, new MonotonicClock(time));
        _keys = new EtcdKeys(settings.Prefix);
        _client = new EtcdClient(settings, disk, time, log);
        _election = new EtcdElection(_client, _keys, settings, time, log);
        _chunks = new EtcdChunks(_client, _keys);
        _entries = new EtcdEntries(_client, _keys, _chunks);
        _snapshots = new EtcdSnapshots(_client, _keys, _chunks, _entries, aside);
    }

    /// <summary>
    /// Waits for the leader's key to be gone, makes it, and then lets <see cref="LeadershipTiming.Validity"/> pass, unless the one before has given
    /// the leadership back: until then it may still acknowledge. For one caller at a time.
    /// </summary>
    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            using (await _campaigns.TakeAsync(end.Token))
            {
                await StepDownAsync();
                while (true)
                {
                    if (await LeadAsync(await _election.WinAsync(candidate, end.Token), end.Token) is { } leadership)
                    {
                        Leads(_log, candidate, leadership.Term);
                        return leadership;
                    }
                }
            }
        }
        catch (OperationCanceledException e) when (_closing.IsCancellationRequested)
        {
            throw new ObjectDisposedException($"{nameof(EtcdFleetStore)} was disposed of while it campaigned.", e);
        }
        catch (EtcdException e)
        {
            throw e.ForStore("campaign");
        }
    }

    /// <inheritdoc/>
    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) =>
        InEtcdAsync("find out who leads", () => _election.LeaderAsync(cancellation));

    /// <inheritdoc/>
    public Task DeposeAsync(long term, CancellationToken cancellation) => InEtcdAsync($"depose the leader of term {term}", async () =>
    {
        await _election.DeposeAsync(term, cancellation);
        return true;
    });

    /// <inheritdoc/>
    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        using (await EnterAsync(cancellation))
        {
            var reign = await LeadingAsync(entry.Term, cancellation);
            try
            {
                await reign.Journal.AppendAsync(entry, cancellation);
            }
            catch (FencedException)
            {
                reign.Leadership.End();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = Math.Max(1, fromRevision);
        using (await EnterAsync(cancellation))
        {
            if (_reign is { Journal: { IsInDoubt: true } journal })
                await InEtcdAsync("find out what became of an entry", () => journal.RuleOutLateWriteAsync(next, cancellation));
        }

        var pages = ReadAhead(next);
        while (true)
        {
            var page = await InEtcdAsync("read the journal", () => pages.PageAsync(next, cancellation));
            if (page.Entries is [var first, ..] && first.Revision > next && next > Math.Max(1, fromRevision))
                throw new StoreUnreachableException($"Entry {next} was dropped while the journal was read: read again.");
            foreach (var entry in page.Entries)
                yield return entry;
            if (!page.HasMore)
                yield break;
            next = page.Entries[^1].Revision + 1;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _reading = ReadAhead(fromRevision);
        await using var tail = new EtcdTail(_client, _keys, _entries, _reading, _time, fromRevision);
        while (true)
        {
            foreach (var entry in await InEtcdAsync("follow the journal", () => tail.NextAsync(cancellation)))
                yield return entry;
        }
    }

    /// <inheritdoc/>
    public async Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        // Out of turn: appends need not wait for a large state to be written.
        var reign = await LeadingAsync(_reign?.Standing.Term ?? 0, cancellation);
        var doing = $"save the snapshot of revision {state.Map.Version.Revision}";
        if (await InEtcdAsync(doing, () => _snapshots.SaveAsync(reign.Standing, state, cancellation)))
            return;
        reign.Leadership.End();
        throw await FencedAsync(reign.Standing.Term, cancellation);
    }

    /// <inheritdoc/>
    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) =>
        InEtcdAsync("load the snapshot", () => _snapshots.LoadAsync(BeginBehind, cancellation));

    /// <summary>Gives the leadership back, if etcd can be reached; a campaign that waits ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        _closing.Cancel();
        using (await _campaigns.TakeAsync(CancellationToken.None))
            await StepDownAsync();
        _client.Dispose();
    }

    /// <summary>Whoever loads a snapshot reads what comes after it next.</summary>
    private void BeginBehind(long snapshot) => _reading = ReadAhead(snapshot + 1).Begin(snapshot + 1);

    private EtcdReadAhead ReadAhead(long from) => new EtcdReadAhead(_entries, _closing.Token).GoOnWith(_reading, from);

    private static async Task<T> InEtcdAsync<T>(string doing, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (EtcdException e)
        {
            throw e.ForStore(doing);
        }
    }

    /// <summary>Null when it was over before anything could be acknowledged in it.</summary>
    private async Task<Leadership?> LeadAsync(EtcdVictory won, CancellationToken cancellation)
    {
        var standing = won.Standing;
        var leadership = new Leadership(standing.Term, won.Sent + _timing.Counted, _clock);
        _reign = new EtcdReign(_election, standing, new EtcdJournal(_client, _keys, _chunks, standing), leadership, _timing, _time);
        try
        {
            if (won.MustWait)
                await Task.Delay(_timing.Validity, _time, cancellation);
            _reign.IsAlone = true;
            await leadership.BecomeValidAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await StepDownAsync();
            throw;
        }

        if (!_reign.IsOver)
            return leadership;
        await StepDownAsync();
        return null;
    }

    /// <summary>
    /// First nothing is acknowledged any more, then etcd is told: whoever comes next relies on that order. A leadership that has ended is given back
    /// as well: its leader ends it by itself to hand it over. Where somebody has taken it, the transaction does nothing.
    /// </summary>
    private async Task StepDownAsync()
    {
        if (_reign is not { } reign)
            return;
        reign.Leadership.End();
        using (await _writes.TakeAsync(CancellationToken.None))
        {
            await reign.DisposeAsync();
            _reign = null;
        }

        await _election.ResignAsync(reign.Standing, reign.IsAlone);
    }

    /// <summary>The reign in which a write of that term is allowed.</summary>
    private async Task<EtcdReign> LeadingAsync(long term, CancellationToken cancellation)
    {
        if (_reign is not { IsOver: false } reign)
            throw await FencedAsync(term, cancellation);
        if (term < reign.Standing.Term)
            throw new FencedException(term, reign.Standing.Term);
        return term == reign.Standing.Term
            ? reign
            : throw new ArgumentException($"Term {term} was given to nobody; the current one is {reign.Standing.Term}.", nameof(term));
    }

    private async Task<FencedException> FencedAsync(long term, CancellationToken cancellation) =>
        new(term, await InEtcdAsync("find out who leads", () => _election.TermAsync(cancellation)));

    private async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        var turn = await _writes.TakeAsync(cancellation);
        if (!_closing.IsCancellationRequested)
            return turn;
        turn.Dispose();
        throw new ObjectDisposedException(nameof(EtcdFleetStore));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} leads with term {Term}.")]
    private static partial void Leads(ILogger logger, CoordinatorAddress candidate, long term);
}
