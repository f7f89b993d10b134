using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Shell;

namespace Fleet.Simulation.Stores;

/// <summary>
/// A coordinator's client of the replicated store: what a store of the product is, with <see cref="SimStorage"/> in the place of etcd or PostgreSQL.
/// Leadership is kept by the product's own <see cref="LeadershipKeeper"/>.
/// </summary>
internal sealed class SimStore(SimStorage storage, IStoreWire wire, LeadershipTiming timing, MonotonicClock clock) : IFleetStore
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PartingMax = TimeSpan.FromSeconds(1);

    private readonly object _session = new();
    private readonly CancellationTokenSource _disposed = new();
    private Leadership? _leadership;
    private int _attempts;
    private int _settled;

    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        _leadership?.End();
        var campaign = new object();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _disposed.Token);
        try
        {
            while (true)
            {
                if (await TryLeadAsync(campaign, candidate, end.Token) is { } leadership)
                    return _leadership = leadership;
            }
        }
        catch (OperationCanceledException e) when (_disposed.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(SimStore), e);
        }
    }

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => CallAsync(() => storage.Leader, cancellation);

    public Task DeposeAsync(long term, CancellationToken cancellation) => DoAsync(() => storage.Depose(term), cancellation);

    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var attempt = ++_attempts;
        try
        {
            await DoAsync(() => storage.Append(_session, attempt, entry), cancellation);
            _settled = attempt;
        }
        catch (StoreUnreachableException e) when (e.IsSurelyNotWritten)
        {
            _settled = attempt;
            throw;
        }
        catch (FencedException)
        {
            EndUnlessLater(entry.Term);
            throw;
        }
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var attempts = _attempts;
        (object, int)? settles = attempts > _settled ? (_session, attempts) : null;
        var entries = await CallAsync(() => storage.Read(fromRevision, settles), cancellation, isWrite: settles is not null);
        _settled = Math.Max(_settled, attempts);
        foreach (var entry in entries)
            yield return entry;
    }

    public async IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var next = Math.Max(1, fromRevision); ;)
        {
            var from = next;
            var (entries, changes) = await CallAsync(() => storage.Tail(from), cancellation);
            foreach (var entry in entries)
                yield return entry;
            next += entries.Length;
            await wire.ChangedAsync(changes, cancellation);
        }
    }

    public async Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        try
        {
            await DoAsync(() => storage.Save(_session, state), cancellation);
        }
        catch (FencedException)
        {
            EndUnlessLater(storage.Term);
            throw;
        }
    }

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => CallAsync(storage.Load, cancellation);

    /// <summary>Nothing more is acknowledged from here on, and then the store is told so: the next one need not wait.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _leadership?.End();
        _disposed.Cancel();
        using var bound = new Deadline(clock.Time, PartingMax, CancellationToken.None);
        try
        {
            await DoAsync(() => storage.GiveBack(_session), bound.Token);
        }
        catch (Exception e) when (e is StoreUnreachableException or OperationCanceledException)
        {
            // Its session runs out.
        }
    }

    /// <summary>Null when it is to be tried again.</summary>
    private async Task<Leadership?> TryLeadAsync(object campaign, CoordinatorAddress candidate, CancellationToken cancellation)
    {
        try
        {
            var came = await CallAsync(() => storage.Campaign(_session, campaign, candidate), cancellation, isWrite: true);
            if (came.Term is not { } term)
            {
                await wire.ChangedAsync(came.Seen, cancellation);
                return null;
            }

            if (!came.MayBeginAtOnce)
                await Task.Delay(timing.Validity, clock.Time, cancellation);
            var sent = clock.Now;
            return await StandsAsync(term, cancellation) ? Begin(new Leadership(term, sent + timing.Counted, clock)) : null;
        }
        catch (StoreUnreachableException)
        {
            await Task.Delay(AgainAfter, clock.Time, cancellation);
            return null;
        }
    }

    private Leadership Begin(Leadership leadership)
    {
        var keeper = new LeadershipKeeper(leadership, timing, clock, cancellation => StandsAsync(leadership.Term, cancellation));
        _ = keeper.KeepAsync(_disposed.Token);
        return leadership;
    }

    private Task<bool> StandsAsync(long term, CancellationToken cancellation) =>
        wire.CallAsync(sent => storage.Stands(_session, term, sent), isWrite: false, cancellation);

    /// <summary>A write of an earlier term says nothing of the one that this store has won since.</summary>
    private void EndUnlessLater(long term)
    {
        if (_leadership is { } leadership && leadership.Term <= term)
            leadership.End();
    }

    private Task<T> CallAsync<T>(Func<T> carryOut, CancellationToken cancellation, bool isWrite = false) =>
        wire.CallAsync(_ => carryOut(), isWrite, cancellation);

    private async Task DoAsync(Action carryOut, CancellationToken cancellation) => await wire.CallAsync(
        _ =>
        {
            carryOut();
            return true;
        },
        isWrite: true,
        cancellation);
}
