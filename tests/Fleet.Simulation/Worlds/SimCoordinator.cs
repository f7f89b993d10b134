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
using Microsoft.Extensions.Logging;

namespace Fleet.Simulation.Worlds;

/// <summary>The coordinator's host: the real program with its real store, on a simulated disk and clock.</summary>
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

    /// <summary>Where nodes link to it.</summary>
    public static readonly LinkAddress Link = new(LinkTransport.Ws, new IPEndPoint(new IPAddress([192, 0, 2, 254]), 7400));

    private static readonly Principal Operator = Principal.Claimed("operator", new IPAddress([192, 0, 2, 253]));

    private readonly World _world;
    private readonly SimHost _host;
    private readonly ProcessLife _operators;
    private LeaderProgram? _program;

    public SimCoordinator(World world)
    {
        _world = world;
        _host = new SimHost(world, Network.Coordinator);
        Process = new SimProcess(world, _host.Name);
        _operators = new ProcessLife(world.Scheduler, world.Chance, "operators", world.Break);
    }

    public SimProcess Process { get; }

    public SimDisk Disk => _host.Disk;

    public HostClock Clock => _host.Clock;

    /// <summary>Null while there is no leader.</summary>
    internal Leader? Leader => Process.Life is null || _program is not { Mailbox.IsLeading: true } ? null : _program.Leader;

    public bool Start()
    {
        if (Process.State != ProcessState.Dead)
            return false;
        _world.Log("coordinator starts");
        _program = null; // The one before leads no more.
        var life = Process.Start(RunAsync, Ended);
        life.AtDeath(_host.Disk.ProcessDied);
        return true;
    }

    public bool Kill()
    {
        if (Process.State == ProcessState.Dead)
            return false;
        _world.Log("coordinator is killed");
        return Process.Kill();
    }

    /// <summary>What was not on stable storage may be lost.</summary>
    public bool PowerOff()
    {
        if (Process.State == ProcessState.Dead)
            return false;
        _world.Log("coordinator's host loses power");
        Process.Kill();
        _host.Disk.Crash();
        return true;
    }

    /// <summary>An HTTP request for a link has reached the host; told is called in this process.</summary>
    public void Accept(SimNode node, ProcessLife client, Action<WebSocket?> told)
    {
        if (Process.Life is not { } life || _program is not { } current)
        {
            told(null);
            return;
        }

        var isAnswered = false;
        life.AtDeath(() =>
        {
            if (!isAnswered)
                told(null);
        });
        life.Run(() =>
        {
            isAnswered = true;
            if (!current.Mailbox.IsLeading)
            {
                told(null);
                return;
            }

            var (near, far) = SimWebSocket.Pair(_world.Scheduler, _world.Network, (node.Name.Value, client), (_host.Name, life));
            far.Sending = () => _world.Election.Leaves("A message to a node", life);
            told(near);
            life.Begin(() => ServeAsync(current, far, node));
        });
    }

    /// <summary>What an operator types; told is called with the answer, or with a refusal when the coordinator is not there, or dies.</summary>
    internal void Ask(Command command, Action<Decision> told, bool force = false) =>
        Reach(mailbox => AskAsync(mailbox, command, null, force), result => told(result.Decision), refused => told(refused));

    /// <summary>Likewise, only if the fleet is at a version; with the version that was answered.</summary>
    internal void Ask(Command command, Action<(Decision Decision, MapVersion? Version)> told, MapVersion? ifVersion) =>
        Reach(
            mailbox => AskAsync(mailbox, command, ifVersion, force: false),
            result => told((result.Decision, result.Version)),
            refused => told((refused, null)));

    /// <summary>What an operator reads of the map; null, and why, when there is no answer.</summary>
    internal void Look<T>(Func<FleetMap, T> read, Action<T?, Decision.Refused?> told)
        where T : class =>
            Reach(
                mailbox => mailbox.LookAsync(leader => read(leader.State.Map), CancellationToken.None),
                seen => told(seen, null),
                refused => told(null, refused));

    private static Task<CommandResult> AskAsync(Mailbox mailbox, Command command, MapVersion? ifVersion, bool force) =>
        mailbox.AskAsync(command, Operator, ifVersion, CancellationToken.None, force);

    /// <summary>A call from outside that goes on in this process; its answer, or why there is none, is told once, outside.</summary>
    private void Reach<T>(Func<Mailbox, Task<T>> call, Action<T> told, Action<Decision.Refused> refused)
    {
        if (Process.Life is not { } life || _program is not { Mailbox.IsLeading: true } current)
        {
            refused(Refused(RefusalKind.Unavailable, "there is no leader"));
            return;
        }

        var isOver = false;
        life.AtDeath(() => Over(() => refused(Refused(RefusalKind.OutcomeUnknown, "the coordinator died"))));
        life.Begin(CallAsync);

        async Task CallAsync()
        {
            try
            {
                var answer = await call(current.Mailbox);
                // Who says that it cannot promise anything promises nothing.
                if (answer is not CommandResult { Decision: Decision.Refused { Kind: RefusalKind.OutcomeUnknown } })
                    _world.Election.Leaves("An answer", life);
                Over(() => told(answer));
            }
            catch (NotLeadingException e)
            {
                Over(() => refused(Refused(RefusalKind.Unavailable, e.Message)));
            }
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
        var logs = _world.Trace.Logs("coordinator");
        life.Ran = () => Charge(life);
        await using var store = new FileFleetStore(
            "data", new FileStoreOptions(), _host.Disk, aside, clock.Time, logs.CreateLogger<FileFleetStore>());
        var identity = new CoordinatorIdentity(
            CoordinatorAddress.At("c1", Link.Endpoint),
            _world.Settings.SnapshotEvery,
            [.. _world.Settings.Services.Select(s => new Command.ApplyService(s))],
            [new Command.SetPolicy(_world.Settings.Policy)]);
        using var mine = _program = new LeaderProgram(_world.Store.Watch(store, life, clock), identity, clock, aside, Limits, logs, () => "f0");
        await mine.RunAsync(CancellationToken.None);
    }

    /// <summary>A coordinator whose disk does not answer, or that leads no more, ends, and whoever looks after it starts it again.</summary>
    private void Ended(Exception? failure)
    {
        _world.Log($"coordinator has ended: {failure?.Message}");
        if (failure is CheckFailedException or not (StoreUnreachableException or LeadershipEndedException or null))
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

    private static async Task ServeAsync(LeaderProgram current, WebSocket socket, SimNode node)
    {
        using (socket)
            await current.Links.ServeAsync(
                socket,
                new LinkPeer(node.Name.Value, Principal.Claimed(null, node.Facts.WitnessAddress.Address), _ => socket.Abort(), () => { }),
                CancellationToken.None);
    }
}
