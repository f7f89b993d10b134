using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>A leadership with what keeps it: the question whether it stands, and beside it the lease, until it has ended.</summary>
internal sealed class EtcdReign : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _kept;

    public EtcdReign(
        EtcdElection election, EtcdStanding standing, EtcdJournal journal, Leadership leadership, LeadershipTiming timing, TimeProvider time)
    {
        (Standing, Journal, Leadership) = (standing, journal, leadership);
        var keeper = new LeadershipKeeper(leadership, timing, new MonotonicClock(time), token => election.StandsAsync(standing, token));
        _kept = Task.WhenAll(keeper.KeepAsync(_stop.Token), KeepLeaseAsync(election));
    }

    public EtcdStanding Standing { get; }

    public EtcdJournal Journal { get; }

    public Leadership Leadership { get; }

    /// <summary>
    /// Nothing can be acknowledged in any term before: whoever comes after this one need not wait, if it gives the leadership back. One that goes
    /// while it waits has nothing to give back yet.
    /// </summary>
    public bool IsAlone { get; set; }

    public bool IsOver => Leadership.Ended.IsCancellationRequested;

    /// <summary>From now on nothing is acknowledged, and nothing is kept. Returns when nothing of it runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Leadership.End();
        _stop.Cancel();
        await _kept;
        _stop.Dispose();
    }

    private async Task KeepLeaseAsync(EtcdElection election)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, Leadership.Ended);
        try
        {
            await election.KeepLeaseAsync(Standing, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }
    }
}
