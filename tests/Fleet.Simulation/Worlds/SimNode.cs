using System.Net;
using System.Net.Sockets;
using Fleet.Node;
using Fleet.Node.Control;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Disks;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;
using Microsoft.Extensions.Logging;

namespace Fleet.Simulation.Worlds;

/// <summary>One host with its agent, the real program, its relays, its disk and its clocks.</summary>
public sealed class SimNode
{
    private readonly World _world;
    private readonly SimHost _host;
    private AgentProgram? _program;
    private NodeMailbox? _mailbox;
    private SimDatagrams? _datagrams;

    public SimNode(World world, NodeFacts facts)
    {
        _world = world;
        Facts = facts;
        _host = new SimHost(world, facts.Name.Value);
        Agent = new SimProcess(world, facts.Name.Value);
        Relay = new SimRelays(world, _host);
        Plane = new SimPlane(world.Log, facts.Name);
    }

    public NodeFacts Facts { get; }

    public NodeName Name => Facts.Name;

    public HostClock Clock => _host.Clock;

    public SimDisk Disk => _host.Disk;

    public SimProcess Agent { get; }

    public SimRelays Relay { get; }

    public SimPlane Plane { get; }

    /// <summary>
    /// At some time since the world began it could not take what it was given: its host gave it no address, or its data plane was in trouble.
    /// </summary>
    public bool HasBeenUnable => Relay.HaveBindsFailed || Plane.HasBeenTroubled;

    /// <summary>Null while the agent is dead, or has not got so far.</summary>
    internal Reactor? Reactor => Agent.Life is null ? null : _program?.Reactor;

    /// <summary>Something of it runs, or is stopped.</summary>
    public bool IsThere => Agent.State != ProcessState.Dead || Relay.IsThere;

    /// <summary>It stopped because it was told to: by an operator, or because it has left the fleet.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>The latest end of any lease this host has had: a relay is never told to hold beyond it.</summary>
    public Instant GrantedUntil { get; private set; } = Instant.Never;

    public bool IsLinked => Agent.Life is not null && _program is { IsLinked: true };

    public Instant Time => Clock.At(_world.Now);

    /// <summary>What its DNS answers from.</summary>
    internal ZoneSnapshot? Zones { get; private set; }

    /// <summary>Starts what does not run; an agent that finds a relay takes it over.</summary>
    public void Start()
    {
        if (Agent.State != ProcessState.Dead)
            return;
        HasStopped = false;
        _program = null;
        _world.Log($"{Name} starts");
        Agent.Start(RunAsync, Ended).Owner = this;
    }

    public bool KillAgent()
    {
        if (Agent.State == ProcessState.Dead)
            return false;
        _world.Log($"{Name}'s agent is killed");
        Agent.Kill();
        Disk.ProcessDied();
        return true;
    }

    /// <summary>Agent and relays die.</summary>
    public bool Kill()
    {
        var wasThere = IsThere;
        KillAgent();
        if (Relay.IsThere)
            _world.Log($"{Name}'s relays are killed");
        Relay.KillAll();
        return wasThere;
    }

    public void PowerOff()
    {
        Kill();
        Disk.Crash();
    }

    /// <summary>SIGTERM.</summary>
    public bool Stop()
    {
        if (Agent.Life is not { } life)
            return false;
        life.Run(() => _mailbox?.Post(new NodeInput.StopAsked()));
        return true;
    }

    /// <summary>Something reaches the agent's mailbox as if a part of it had put it there.</summary>
    internal void Take(NodeInput input) => Agent.Life?.Run(() => _mailbox?.Post(input));

    /// <summary>A datagram comes to its watch port.</summary>
    public void Arrive(byte[] datagram)
    {
        if (Agent.Life is not null)
            _datagrams?.Arrive(datagram);
    }

    private async Task RunAsync(ProcessLife life)
    {
        var clock = _host.ClockOf(life, SeeLease);
        var logs = _world.Trace.Logs(Name.Value);
        _mailbox = new NodeMailbox();
        using var mine = _datagrams = new SimDatagrams(Facts.WitnessAddress, (to, datagram) => _world.SendDatagram(Name, to, datagram));
        var agent = new AgentHost
        {
            Clock = clock,
            Chance = _world.Chance,
            Diallers = _ => new SimDialler(_world, this, life),
            Datagrams = mine,
            Checks = (_, _) => _world.Backends.CheckFrom(life),
            Feedback = (backend, _) => _world.Backends.ConnectAsync(backend, life),
            Logs = logs,
        };
        var relay = new RelayClientOptions
        {
            SocketPath = SimRelays.ServingPath,
            SparePath = _world.Settings.Spares ? SimRelays.SparePath : null,
            Node = Name.Value,
            OrphanMax = _world.Settings.OrphanMax,
        };
        var driver = Plane.Over(new RelayDriver(new RelayClient(relay, Relay, clock.Time, logs.CreateLogger<RelayClient>())));
        var maps = new MapFile("data", Disk, clock.Time, logs.CreateLogger<MapFile>());
        var identity = AgentIdentity.Take(
            "data",
            Disk,
            clock.Time.GetUtcNow(),
            () => $"host{Facts.WitnessAddress.Address.GetAddressBytes()[^1]}life{Agent.Incarnation}",
            logs.CreateLogger<AgentIdentity>());
        await using var running = _program = new AgentProgram(
            Facts with { Host = identity.Host }, identity.Incarnation, [.. _world.Coordinators.Select(c => c.Link)], driver, maps, _mailbox, agent);
        await running.RunAsync(() => Task.CompletedTask, (_, zones) => Zones = zones, [], CancellationToken.None, CancellationToken.None);
        HasStopped = true;
    }

    /// <summary>Also whenever the agent looks at the clock, as it does before each input: no lease is missed that is cut short by the next.</summary>
    public void SeeLease()
    {
        if (Reactor is { } reactor)
            GrantedUntil = Instant.Max(GrantedUntil, reactor.LeaseUntil);
    }

    /// <summary>An agent that fails is started again by whoever looks after it; one that stops, stays so.</summary>
    private void Ended(Exception? failure)
    {
        if (failure is null)
        {
            _world.Log($"{Name} has stopped");
            return;
        }

        if (failure is not (IOException or SocketException))
            throw new CheckFailedException(_world, $"{Name}'s agent has ended by itself: {failure}");
        _world.Log($"{Name}'s agent has ended: {failure.Message}");
        _world.After(TimeSpan.FromSeconds(1), Start);
    }
}
