using System.Net;
using System.Net.WebSockets;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Disks;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Stores;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging;

namespace Fleet.Simulation.Worlds;

/// <summary>
/// A coordinator's host: the real program, on a simulated disk and clock. One alone has the real store on its disk; several share a replicated one.
/// </summary>
public sealed class SimCoordinator
{
    private static readonly LinkLimits Limits = new()
    {
        CountMax = 2000,
        HelloWithin = TimeSpan.FromSeconds(5),
        HelloSizeMax = 64 * 1024,
        MessageSizeMax = 1024 * 1024,
        ReceivingMax = 64 * 1024 * 1024,
        IdleMax = TimeSpan.FromSeconds(30),
        WriteMax = TimeSpan.FromSeconds(5),
        QueueSizeMax = 64 * 1024 * 1024,
    };

    private static readonly Principal Operator = Principal.Claimed("operator", new IPAddress([192, 0, 2, 253]));

    private readonly World _world;
    private readonly int _number;
    private readonly SimHost _host;
    private readonly ProcessLife _operators;
    private LeaderProgram? _only;
    private Candidacies? _candidacies;
    private CancellationTokenSource? _stop;
    private bool _isTold;

    public SimCoordinator(World world, int number)
    {
        (_world, _number) = (world, number);
        _host = new SimHost(world, world.Settings.Coordinators == 1 ? Network.Coordinator : $"{Network.Coordinator}-{number}");
        Process = new SimProcess(world, _host.Name);
        _operators = new ProcessLife(world.Scheduler, world.Chance, "operators", world.Break);
    }

    public string Name => _host.Name;

    private LeaderProgram? Program => _candidacies?.Program ?? _only;

    /// <summary>Where nodes link to it.</summary>
    public LinkAddress Link => new(LinkTransport.Ws, new IPEndPoint(new IPAddress([192, 0, 2, (byte)(_number == 1 ? 254 : 254 - _number)]), 7400));

    public SimProcess Process { get; }

    public SimDisk Disk => _host.Disk;

    public HostClock Clock => _host.Clock;

    /// <summary>Null while there is no leader.</summary>
    internal Leader? Leader => Process.Life is null || Program is not { Mailbox.IsLeading: true } ? null : Program.Leader;

    public bool Start()
    {
        if (Process.State != ProcessState.Dead)
            return false;
        _world.Log($"{Name} starts");
        (_only, _candidacies, _stop, _isTold) = (null, null, null, false); // The one before leads no more.
        var life = Process.Start(RunAsync, Ended);
        life.AtDeath(_host.Disk.ProcessDied);
        return true;
    }

    public bool Kill()
    {
        if (Process.State == ProcessState.Dead)
            return false;
        _world.Log($"{Name} is killed");
        return Process.Kill();
    }

    /// <summary>SIGTERM: it gives back what it has, and ends.</summary>
    public bool Terminate()
    {
        if (Process.Life is not { } life || _stop is not { } stop)
            return false;
        _world.Log($"{Name} is told to stop");
        _isTold = true;
        life.Begin(async () =>
        {
            if (_candidacies is { } candidacies)
                await candidacies.StopAsync(CancellationToken.None);
            stop.Cancel();
        });
        return true;
    }

    /// <summary>What was not on stable storage may be lost.</summary>
    public bool PowerOff()
    {
        if (Process.State == ProcessState.Dead)
            return false;
        _world.Log($"{Name}'s host loses power");
        Process.Kill();
        _host.Disk.Crash();
        return true;
    }

    /// <summary>It takes the leadership from whoever leads that term, whether it hears them or not.</summary>
    public bool Depose(long term)
    {
        if (Process.Life is not { } life || _stop is null)
            return false;
        _world.Log($"{Name} deposes the leader of term {term}");
        life.Begin(async () =>
        {
            await using var store = StoreOf(life, _host.ClockOf(life));
            try
            {
                await store.DeposeAsync(term, CancellationToken.None);
            }
            catch (StoreUnreachableException)
            {
                // Who knows.
            }
        });
        return true;
    }

    /// <summary>An HTTP request for a link has reached the host; told is called in this process.</summary>
    public void Accept(SimNode node, ProcessLife client, Action<WebSocket?> told)
    {
        if (Process.Life is { } life && Program is { } current)
            new SimLinkDoor(_world, Name, current, life, _host.ClockOf(life).Time).Accept(node, client, told);
        else
            told(null);
    }

    /// <summary>Likewise, for one that another coordinator follows by. Whoever does not lead is silent.</summary>
    internal void AcceptStandby(string other, ProcessLife client, Action<WebSocket?> told)
    {
        if (Process.Life is { } life && Program is { } current)
            new SimLinkDoor(_world, Name, current, life, _host.ClockOf(life).Time).AcceptStandby(other, client, told);
        else
            told(null);
    }

    /// <summary>What an operator types; told is called with the answer, or with a refusal when the coordinator is not there, or dies.</summary>
    internal void Ask(Command command, Action<Decision> told, bool force = false) =>
        Reach(mailbox => AskAsync(mailbox, command, null, force), result => told(result.Decision), refused => told(refused));

    /// <summary>Likewise, only if the fleet is at a version; with the version that was answered. Whoever does not lead says who does.</summary>
    internal void Ask(Command command, Action<(Decision Decision, MapVersion? Version)> told, MapVersion? ifVersion) => Reach(
        mailbox => AskAsync(mailbox, command, ifVersion, force: false),
        result => told((result.Decision, result.Version)),
        refused => told((refused, null)),
        leader => leader.Ask(command, told, ifVersion));

    /// <summary>What an operator reads of the map; null, and why, when there is no answer.</summary>
    internal void Look<T>(Func<FleetMap, T> read, Action<T?, Decision.Refused?> told)
        where T : class => Reach(
            mailbox => mailbox.LookAsync(leader => read(leader.State.Map), CancellationToken.None),
            seen => told(seen, null),
            refused => told(null, refused),
            leader => leader.Look(read, told));

    private static Task<CommandResult> AskAsync(Mailbox mailbox, Command command, MapVersion? ifVersion, bool force) =>
        mailbox.AskAsync(command, Operator, ifVersion, CancellationToken.None, force);

    /// <summary>A call from outside that goes on in this process; its answer, or why there is none, is told once, outside.</summary>
    /// <param name="sentOn">Told who leads, where that is not this one; null is nobody.</param>
    private void Reach<T>(Func<Mailbox, Task<T>> call, Action<T> told, Action<Decision.Refused> refused, Action<SimCoordinator>? sentOn = null)
    {
        var isFollower = sentOn is not null && _world.Coordinators.Length > 1;
        if (Process.Life is not { } life || Program is not { } current || !(current.Mailbox.IsLeading || isFollower))
        {
            refused(Refused(RefusalKind.Unavailable, "there is no leader"));
            return;
        }

        var isOver = false;
        life.AtDeath(() => Over(() => refused(Refused(RefusalKind.OutcomeUnknown, "the coordinator died"))));
        life.Begin(current.Mailbox.IsLeading ? CallAsync : SendOnAsync);

        async Task CallAsync()
        {
            try
            {
                var answer = await call(current.Mailbox);
                // Who says that it has not done anything, or cannot tell, promises nothing in the fleet's name.
                if (answer is not CommandResult { Decision: Decision.Refused { Kind: RefusalKind.OutcomeUnknown or RefusalKind.Unavailable } })
                    _world.Leaves("An answer", life);
                Over(() => told(answer));
            }
            catch (NotLeadingException e)
            {
                Over(() => refused(Refused(RefusalKind.Unavailable, e.Message)));
            }
        }

        // As LeaderOnly does it. Who leads by then may have changed: nobody is sent on twice.
        async Task SendOnAsync()
        {
            var leader = await current.Leaders.FindAsync(CancellationToken.None);
            var found = _world.Coordinators.FirstOrDefault(c => c != this && c.Link == leader?.Link && c.Leader is not null);
            Over(found is null ? () => refused(Refused(RefusalKind.Unavailable, "nobody leads, or it is not known who")) : () => sentOn!(found));
        }

        void Over(Action tell)
        {
            if (isOver)
                return;
            isOver = true;
            _operators.After(0, tell);
        }
    }

    private static Decision.Refused Refused(RefusalKind kind, string reason) => (Decision.Refused)Decision.Refuse(kind, reason);

    private async Task RunAsync(ProcessLife life)
    {
        var clock = _host.ClockOf(life);
        var aside = new SimAside(_world.Chance, life);
        var logs = _world.Trace.Logs(Name);
        var identity = new CoordinatorIdentity(
            CoordinatorAddress.At($"c{_number}", Link.Endpoint),
            _world.Settings.SnapshotEvery,
            [.. _world.Settings.Services.Select(s => new Command.ApplyService(s))],
            [new Command.SetPolicy(_world.Settings.Policy)]);
        using var stop = _stop = new CancellationTokenSource();
        if (_world.Storage is not null)
        {
            using var several = _candidacies = new Candidacies(
                () =>
                {
                    var store = StoreOf(life, clock);
                    return new Candidacy(store, ProgramOf(store, new SimStandbyDialler(_world, this, life)));
                },
                clock,
                logs.CreateLogger<Candidacies>());
            await several.RunAsync(stop.Token);
            return;
        }

        life.Ran = () => Charge(life);
        await using var only = new FileFleetStore(
            "data", new FileStoreOptions(), _host.Disk, aside, clock.Time, logs.CreateLogger<FileFleetStore>());
        using var mine = _only = ProgramOf(only, null);
        await mine.RunAsync(stop.Token);

        LeaderProgram ProgramOf(IFleetStore store, SimStandbyDialler? dialler) =>
            new(_world.Store.Watch(store, life, clock), identity, clock, aside, Limits, logs, () => "f0", dialler);
    }

    private SimStore StoreOf(ProcessLife life, MonotonicClock clock)
    {
        var storage = _world.Storage!;
        return new SimStore(storage, new StoreWire(_world, storage, Name, life, clock), LeadershipTiming.Default, clock);
    }

    /// <summary>A coordinator whose disk does not answer, or that leads no more, ends, and whoever looks after it starts it again.</summary>
    private void Ended(Exception? failure)
    {
        _world.Log($"{Name} has ended: {failure?.Message}");
        if (failure is OperationCanceledException || _isTold)
            return;
        var isUsual = failure is StoreUnreachableException or LeadershipEndedException or null
            || (failure is FencedException && _world.Storage is not null);
        if (!isUsual)
            throw failure as CheckFailedException ?? new CheckFailedException(_world, $"The coordinator has ended by itself: {failure}");
        _world.After(TimeSpan.FromMilliseconds(500), () => Start());
    }

    /// <summary>What its disk would have taken, the process is busy for.</summary>
    private void Charge(ProcessLife life)
    {
        if (Disk.Owed > TimeSpan.Zero)
            life.Busy((long)Disk.Owed.TotalMicroseconds);
        Disk.Owed = TimeSpan.Zero;
        Disk.Costs = Disk.Costs
            with
        { Flush = TimeSpan.FromMicroseconds(_world.Chance.Next(_world.Store.AppendMicros.Least, _world.Store.AppendMicros.Most + 1)) };
    }
}
