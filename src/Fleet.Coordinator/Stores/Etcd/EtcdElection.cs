using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Who leads is one key that goes with a lease. Whoever makes it leads, and in the same transaction takes the next term; where it is gone, by the
/// lease's end or by a standby's hand, anybody may make it anew.
/// </summary>
internal sealed partial class EtcdElection(EtcdClient client, EtcdKeys keys, EtcdSettings settings, TimeProvider time, ILogger log)
{
    /// <summary>How often a candidate looks for itself: a watch says nothing when the member that it hangs on does not.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly MonotonicClock _clock = new(time);
    private TaskCompletionSource _poked = NewPoke();

    /// <summary>Waits until this process has made the leader's key.</summary>
    /// <exception cref="EtcdException">etcd refuses this coordinator. One that cannot be reached is waited for.</exception>
    /// <exception cref="StoreClosedException">The fleet has moved elsewhere.</exception>
    public async Task<EtcdVictory> WinAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        var attempt = new Attempt();
        try
        {
            while (true)
            {
                try
                {
                    if (await TryAsync(candidate, attempt, cancellation) is { } victory)
                    {
                        attempt.IsWon = true;
                        return victory;
                    }
                }
                catch (EtcdException e) when (e.Failure == EtcdFailure.NoLease)
                {
                    attempt.Lease = 0;
                }
                catch (EtcdException e) when (e.Failure != EtcdFailure.Refused)
                {
                    LogAway(candidate, e.Message);
                    await Task.Delay(LookEvery, time, cancellation);
                }
            }
        }
        finally
        {
            if (attempt is { IsWon: false, Lease: not 0 })
                await RevokeAsync(attempt.Lease);
        }
    }

    /// <summary>
    /// Whether this process still leads, as of now and for all. The question is a read that goes through the raft leader's quorum (ReadIndex). The
    /// answer to a lease's keep-alive would prove nothing: a raft leader that has been deposed and does not know it gives that by itself. Nor would a
    /// transaction that only compares and reads nothing: etcd answers that without asking anybody.
    /// </summary>
    public async Task<bool> StandsAsync(EtcdStanding standing, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.RangeAsync(new RangeRequest(keys.Leader) { KeysOnly = true }, cancellation);
            return answer.Only?.CreateRevision == standing.CreateRevision;
        }
        catch (EtcdException e)
        {
            throw e.ForStore("find out whether this coordinator leads");
        }
    }

    /// <summary>Keeps the lease until cancelled. It says nothing about who leads: see <see cref="StandsAsync"/>.</summary>
    public async Task KeepLeaseAsync(EtcdStanding standing, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await client.AskAsync(EtcdRequest.KeepAlive(standing.Lease), EtcdJson.Default.NoAnswer, cancellation);
            }
            catch (EtcdException e)
            {
                LogNoKeepAlive(standing.Term, e.Message);
            }

            await Task.Delay(settings.Lease / 4, time, cancellation);
        }
    }

    /// <summary>Gives the leadership back. Nothing may be acknowledged in it any more when this is called.</summary>
    /// <param name="isAlone">Nor in any term before: whoever comes next does not wait.</param>
    public async Task ResignAsync(EtcdStanding standing, bool isAlone)
    {
        try
        {
            var resign = new TxnRequest(
                standing.Leads(keys),
                [new DeleteRangeRequest(keys.Leader), new PutRequest(keys.Term, new TermMark(standing.Term, isAlone).ToOctets())],
                []);
            await client.TxnAsync(resign, true, CancellationToken.None);
            await RevokeAsync(standing.Lease);
        }
        catch (EtcdException e)
        {
            LogNotResigned(standing.Term, e.Message);
        }
    }

    /// <summary>Does nothing unless that term's leader leads still. Done twice, or late, it does no more than once.</summary>
    public async Task DeposeAsync(long term, CancellationToken cancellation)
    {
        var isItsTerm = TxnCompare.Holds(keys.Term, new TermMark(term, false).ToOctets());
        var depose = new TxnRequest([isItsTerm], [new DeleteRangeRequest(keys.Leader)], []);
        await client.TxnAsync(depose, true, cancellation);
        // A candidate of this process need not wait until it is told.
        Interlocked.Exchange(ref _poked, NewPoke()).TrySetResult();
    }

    public async Task<TermHolder?> LeaderAsync(CancellationToken cancellation) =>
        (await client.RangeAsync(new RangeRequest(keys.Leader), cancellation)).Only?.Value is { } json ? TermHolder.Parse(json) : null;

    public async Task<long> TermAsync(CancellationToken cancellation) =>
        Term((await client.RangeAsync(new RangeRequest(keys.Term), cancellation)).Only).Term;

    private static TaskCompletionSource NewPoke() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TermMark Term(EtcdKey? key) =>
        TermMark.TryParse(key?.Value, out var mark)
            ? mark
            : throw new EtcdException(EtcdFailure.Refused, "the key 'term' holds no term: somebody else writes under this prefix");

    /// <summary>Null when it has to be tried again.</summary>
    private async Task<EtcdVictory?> TryAsync(CoordinatorAddress candidate, Attempt attempt, CancellationToken cancellation)
    {
        var sent = _clock.Now;
        var poked = _poked.Task;
        var ask = new TxnRequest([], [new RangeRequest(keys.Leader), new RangeRequest(keys.Term), new RangeRequest(keys.Closed)], []);
        var look = await client.TxnAsync(ask, true, cancellation);
        if (look.Found(0) is { } there)
        {
            // A transaction of ours whose answer was lost may have made it.
            if (attempt.Standing is { } mine && there.Lease == mine.Lease)
                return new EtcdVictory(mine with { CreateRevision = there.CreateRevision }, sent, attempt.MustWait);
            LogWaiting(candidate, TermHolder.Parse(there.Value ?? [])?.Address);
            await GoneAsync(there, look.Revision, poked, cancellation);
            return null;
        }

        if (look.Found(2) is { } closed)
            throw new StoreClosedException(EtcdStoreKeeper.PlaceOf(settings), StoreClosure.Parse(closed.Value));
        var mark = Term(look.Found(1));
        if (attempt.Lease == 0 || sent >= attempt.LeaseUntil)
        {
            (attempt.LeaseUntil, attempt.Lease) = (sent + (settings.Lease / 2), await GrantAsync(cancellation));
        }

        var standing = new EtcdStanding(mark.Term + 1, 0, attempt.Lease, new TermHolder(mark.Term + 1, candidate).ToJson());
        (attempt.Standing, attempt.MustWait) = (standing, !mark.IsResigned);
        sent = _clock.Now;
        var win = new TxnRequest(
            [
                TxnCompare.Created(keys.Leader, 0),
                TxnCompare.Modified(keys.Term, look.Found(1)?.ModRevision ?? 0),
                TxnCompare.Created(keys.Closed, 0),
            ],
            [new PutRequest(keys.Leader, standing.Holder) { Lease = standing.Lease }, new PutRequest(keys.Term, standing.Mark)],
            []);
        var answer = await client.TxnAsync(win, false, cancellation);
        return answer.Succeeded ? new EtcdVictory(standing with { CreateRevision = answer.Revision }, sent, attempt.MustWait) : null;
    }

    /// <summary>Returns when that leader's key is gone, or may be.</summary>
    private async Task GoneAsync(EtcdKey leader, long revision, Task poked, CancellationToken cancellation)
    {
        await using var watch = await client.WatchAsync(new WatchCreate(keys.Leader, null, revision + 1, ["NOPUT"]), cancellation);
        var next = watch.NextAsync();
        while (true)
        {
            using var look = new Deadline(time, LookEvery, cancellation);
            var first = await Task.WhenAny(next, look.EndedAsync(), poked);
            cancellation.ThrowIfCancellationRequested();
            if (first == poked || (first == next && (await next).Length > 0))
                return;
            if (first == next)
                next = watch.NextAsync();
            else if ((await client.RangeAsync(new RangeRequest(keys.Leader) { KeysOnly = true }, cancellation)).Only?.CreateRevision
                != leader.CreateRevision)
                return;
        }
    }

    private async Task<long> GrantAsync(CancellationToken cancellation) =>
        (await client.AskAsync(EtcdRequest.Grant(settings.Lease), EtcdJson.Default.LeaseGrantAnswer, cancellation)).ID;

    /// <summary>Takes all with it that is of the lease. If it fails the lease ends by itself.</summary>
    private async Task RevokeAsync(long lease)
    {
        try
        {
            await client.AskAsync(EtcdRequest.Revoke(lease), EtcdJson.Default.NoAnswer, CancellationToken.None);
        }
        catch (EtcdException)
        {
            // See above.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} waits: {Leader} leads.")]
    private partial void LogWaiting(CoordinatorAddress candidate, CoordinatorAddress? leader);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Candidate} cannot campaign: {Why}; it tries again.")]
    private partial void LogAway(CoordinatorAddress candidate, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of term {Term} was not renewed: {Why}")]
    private partial void LogNoKeepAlive(long term, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Term {Term} could not be given back: {Why}. It ends with its lease.")]
    private partial void LogNotResigned(long term, string why);

    private sealed class Attempt
    {
        public bool IsWon { get; set; }

        public long Lease { get; set; }

        /// <summary>It may not live long enough for a campaign that begins later.</summary>
        public Instant LeaseUntil { get; set; }

        /// <summary>What was last tried.</summary>
        public EtcdStanding? Standing { get; set; }

        public bool MustWait { get; set; }
    }
}

/// <summary>A campaign that was won.</summary>
/// <param name="Sent">When the question was sent whose answer said so.</param>
/// <param name="MustWait">The one before did not give the leadership back: something may still be acknowledged in its term.</param>
internal sealed record EtcdVictory(EtcdStanding Standing, Instant Sent, bool MustWait);
