using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// A coordinator without its process: mailbox, links, loop and plan worker, put together and run together. Clock, store and background work are
/// passed in, so that the same code leads a fleet in a simulated world.
/// </summary>
internal sealed class LeaderProgram : IDisposable
{
    private readonly CoordinatorLoop _loop;
    private readonly PlanWorker _planWorker;

    /// <param name="failureIds">Gives a new id to each failure that somebody is told of; <see cref="FailureId.New"/> unless given.</param>
    public LeaderProgram(
        IFleetStore store,
        CoordinatorIdentity identity,
        MonotonicClock clock,
        IAside aside,
        LinkLimits limits,
        ILoggerFactory logs,
        Func<string>? failureIds = null)
    {
        Leaders = new LeaderDirectory(store, identity.Address, clock);
        Links = new NodeLinks(Mailbox, limits, clock.Time, logs.CreateLogger<NodeLinks>());
        _planWorker = new PlanWorker(Mailbox, clock, aside, logs.CreateLogger<PlanWorker>());
        var effects = new LeaderEffects(Mailbox, Links, RecentEvents, _planWorker);
        _loop = new CoordinatorLoop(store, Mailbox, effects, identity, clock, failureIds ?? FailureId.New, logs.CreateLogger<CoordinatorLoop>());
    }

    public Mailbox Mailbox { get; } = new();

    public RecentEvents RecentEvents { get; } = new();

    /// <summary>Where nodes' connections go.</summary>
    public NodeLinks Links { get; }

    /// <summary>Who leads when this one does not.</summary>
    public LeaderDirectory Leaders { get; }

    /// <inheritdoc cref="CoordinatorLoop.Leader"/>
    public Leader? Leader => _loop.Leader;

    /// <summary>Runs until it is cancelled or one part ends: then the other parts end too, and its exception is thrown.</summary>
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
}
