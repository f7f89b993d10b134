using Fleet.Coordinator.Core;
using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// A coordinator without its process, from following over the campaign to the end of its leadership: mailbox, links, loop and plan worker, put
/// together and run together. Clock, store and background work are passed in, so that the same code leads a fleet in a simulated world.
/// </summary>
internal sealed class LeaderProgram : IDisposable
{
    private readonly CoordinatorLoop _loop;
    private readonly PlanWorker _planWorker;
    private readonly Standby _standby;

    /// <param name="failureIds">Gives a new id to each failure that somebody is told of; <see cref="FailureId.New"/> unless given.</param>
    /// <param name="dialler">How a standby reaches the leader; without one it follows the journal and watches nobody.</param>
    /// <param name="recentEvents">What an earlier program of this process has recorded; nothing unless given.</param>
    /// <param name="mayCampaign">It stands by until then; at once unless given.</param>
    public LeaderProgram(
        IFleetStore store,
        CoordinatorIdentity identity,
        MonotonicClock clock,
        IAside aside,
        LinkLimits limits,
        ILoggerFactory logs,
        Func<string>? failureIds = null,
        IStandbyDialler? dialler = null,
        RecentEvents? recentEvents = null,
        Task? mayCampaign = null)
    {
        RecentEvents = recentEvents ?? new RecentEvents();
        Identity = identity;
        Leaders = new LeaderDirectory(store, identity.Address, clock);
        Standbys = new StandbyLinks(Mailbox.Gate, () => RecentEvents.Newest, clock, logs.CreateLogger<StandbyLinks>());
        _standby = BuildStandby(store, clock, logs, dialler);
        Links = new NodeLinks(Mailbox, limits, clock.Time, logs.CreateLogger<NodeLinks>());
        _planWorker = new PlanWorker(Mailbox, clock, aside, logs.CreateLogger<PlanWorker>());
        var effects = new LeaderEffects(Mailbox, Links, RecentEvents, _planWorker);
        _loop = new CoordinatorLoop(
            store, Mailbox, effects, identity, clock, failureIds ?? FailureId.New, logs.CreateLogger<CoordinatorLoop>(), _standby, mayCampaign);
        Reader = new FleetReader(Mailbox, _standby, () => _loop.Leader, clock);
    }

    public CoordinatorIdentity Identity { get; }

    public Mailbox Mailbox { get; } = new();

    public RecentEvents RecentEvents { get; }

    /// <summary>What can be read here, whoever leads.</summary>
    public FleetReader Reader { get; }

    /// <summary>Where standbys' connections go.</summary>
    public StandbyLinks Standbys { get; }

    /// <summary>Where nodes' connections go.</summary>
    public NodeLinks Links { get; }

    /// <summary>Who leads when this one does not.</summary>
    public LeaderDirectory Leaders { get; }

    /// <inheritdoc cref="CoordinatorLoop.Leader"/>
    public Leader? Leader => _loop.Leader;

    /// <summary>
    /// Runs until it is cancelled or one part ends: then the other parts end too, and its exception is thrown. It returns when the leadership has
    /// been handed over.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [_loop.RunAsync(end.Token), _planWorker.RunAsync(end.Token)];
        try
        {
            await await Task.WhenAny(parts);
        }
        finally
        {
            end.Cancel();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => Links.Dispose();

    private Standby BuildStandby(IFleetStore store, MonotonicClock clock, ILoggerFactory logs, IStandbyDialler? dialler)
    {
        var follower = new Follower(store, Identity.SnapshotEvery, RecentEvents.Record, clock.Time, logs.CreateLogger<Follower>());
        var watch = dialler is null ? null : new LeaderWatch(
            store, Identity.Address, dialler, () => follower.Newest?.Revision ?? 0, clock, logs.CreateLogger<LeaderWatch>());
        return new Standby(follower, watch, clock.Time);
    }
}
