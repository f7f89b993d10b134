using Fleet.Node.Checks;
using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Feedback;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node;

/// <summary>
/// An agent from its data plane to its end, on any host. It finds the data plane and what that holds, takes up the last map, and runs until it is
/// told to stop or has left the fleet.
/// </summary>
internal sealed class AgentProgram : IAsyncDisposable
{
    private readonly NodeFacts _facts;
    private readonly Incarnation _incarnation;
    private readonly MapFile _maps;
    private readonly NodeMailbox _mailbox;
    private readonly AgentHost _host;
    private readonly MapSieve _sieve;
    private readonly IPlaneDriver _driver;
    private readonly HealthChecker _health;
    private readonly FeedbackAsker _feedback;
    private readonly LeaderLink _link;
    private readonly WitnessSocket _watch;
    private volatile Reactor? _reactor;

    /// <param name="incarnation">Higher than that of every earlier agent; see <see cref="AgentIdentity"/>.</param>
    /// <param name="coordinators">Tried in turn.</param>
    /// <param name="driver">Belongs to this program from now on.</param>
    public AgentProgram(
        NodeFacts facts,
        Incarnation incarnation,
        IReadOnlyList<LinkAddress> coordinators,
        IPlaneDriver driver,
        MapFile maps,
        NodeMailbox mailbox,
        AgentHost host)
    {
        (_facts, _incarnation, _driver, _maps, _mailbox, _host) = (facts, incarnation, driver, maps, mailbox, host);
        var (time, logs) = (host.Clock.Time, host.Logs);
        _sieve = new MapSieve(facts.Name);
        _health = new HealthChecker(
            host.Checks, (backend, verdict) => mailbox.Tell(new NodeInput.Checked(backend, verdict)), time, logs.CreateLogger<HealthChecker>());
        _feedback = new FeedbackAsker(
            host.Feedback,
            (backend, percent) => mailbox.Tell(new NodeInput.Weighed(backend, percent)),
            host.Clock,
            logs.CreateLogger<FeedbackAsker>());
        _link = new LeaderLink(coordinators, mailbox, _sieve, host.Diallers, host.Chance, time, logs.CreateLogger<LeaderLink>());
        _watch = new WitnessSocket(host.Datagrams, mailbox, host.Seal);
    }

    /// <summary>The map that the agent works by now; the empty map before it runs.</summary>
    public FleetMap Map => _reactor?.Map ?? FleetMap.Empty;

    /// <summary>Null before the agent runs. Code on the same scheduler may look at the reactor between two inputs.</summary>
    internal Reactor? Reactor => _reactor;

    internal bool IsLinked => _link.IsOpen;

    public NodeStatus Status => new(
        _facts.Name.Value,
        Environment.ProcessId,
        _driver.Pid,
        _driver.SparePid,
        _link.IsOpen,
        _reactor is { } reactor ? Math.Round((reactor.LeaseUntil - _host.Clock.Now).TotalMilliseconds, 1) : -1,
        Map.Version,
        Map.Vips.Values.Count(v => v.HeldBy(_facts.Name)))
    {
        Rivals = _driver.Rivals,
    };

    /// <summary>Runs until the reactor stops the agent. The data plane ends with the agent only in that case.</summary>
    /// <param name="ready">Done when there is a data plane, before anything is taken up.</param>
    /// <param name="publish">Answers DNS from these zones, which are made from that map, from now on.</param>
    /// <param name="beside">What else runs while the agent runs. The first failure ends everything.</param>
    /// <param name="start">Cancelled when the agent is no longer to start.</param>
    /// <exception cref="Exception">What <see cref="IPlaneDriver.RunAsync"/> throws, for example because the data plane has a newer agent.</exception>
    public async Task RunAsync(
        Func<Task> ready,
        Action<FleetMap, ZoneSnapshot> publish,
        IReadOnlyList<Func<CancellationToken, Task>> beside,
        CancellationToken start,
        CancellationToken cancellation)
    {
        var found = await _driver.ConnectAsync(start);
        await ready();
        var plane = new PlaneRunner(_driver, _mailbox, _host.Clock.Time, _host.Logs.CreateLogger<PlaneRunner>());
        var reactor = _reactor = new Reactor(_facts, _incarnation, _driver.Plane.Capabilities, found, _maps.Load(_sieve), _host.Clock.Now);
        var zones = new ZoneMaker();
        var handlers = new EffectHandlers(
            _link, _watch, plane, _maps, _sieve, (map, change) => publish(map, zones.Make(map, change, _host.Clock.Now)), Check);
        var loop = new AgentLoop(reactor, _mailbox, handlers, _host.Clock, _host.Logs.CreateLogger<AgentLoop>());

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] shell =
        [
            _driver.RunAsync(end.Token), _driver.WatchAsync(TellSilence, end.Token),
            _link.RunAsync(end.Token), _watch.RunAsync(end.Token), plane.RunAsync(end.Token), _maps.RunAsync(end.Token),
            .. beside.Select(part => part(end.Token)),
        ];
        var looping = loop.RunAsync(end.Token);
        try
        {
            await FirstEndAsync(looping, shell);
            await _driver.EndAsync(CancellationToken.None);
        }
        finally
        {
            end.Cancel();
            await Task.WhenAll([looping, .. shell])
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await Task.WhenAll(shell);
    }

    public async ValueTask DisposeAsync()
    {
        await _feedback.DisposeAsync();
        await _health.DisposeAsync();
        _driver.Dispose();
    }

    /// <summary>
    /// The agent ends when its loop ends. A part of the shell that fails earlier ends the agent too: without handlers or inputs it would only look
    /// alive.
    /// </summary>
    private static async Task FirstEndAsync(Task loop, IEnumerable<Task> shell)
    {
        var parts = shell.Prepend(loop).ToList();
        while (!loop.IsCompleted)
        {
            var ended = await Task.WhenAny(parts);
            await ended;
            parts.Remove(ended);
        }

        await loop; // It may have failed before anybody waited for it.
    }

    private void TellSilence(TimeSpan? silence) =>
        _mailbox.Tell(new NodeInput.PlaneSilent(silence is { } span ? _host.Clock.Now - span : null));

    private void Check(NodeEffect.CheckBackends check)
    {
        _health.Reconcile(check.Backends);
        _feedback.Reconcile(check.Backends);
    }
}
