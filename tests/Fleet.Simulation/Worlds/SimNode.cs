using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Simulation.Worlds;

/// <summary>One host with its agent (the real <see cref="Fleet.Node.Core.Reactor"/>), its relay, its disk and its clock.</summary>
public sealed class SimNode
{
    private const long TickMicros = 5_000;
    private const long ConnectPatience = 2_000_000;
    private const long ConnectPoll = 10_000;

    private readonly World world;
    private readonly HashSet<BackendKey> judged = [];
    private PlaneQueue? plane;
    private Link? link;
    private FleetMap disk = FleetMap.Empty;
    private long refusedFor;

    public SimNode(World world, NodeFacts facts, SkewedClock clock)
    {
        this.world = world;
        Facts = facts;
        Clock = clock;
        Agent = new Process(world, facts.Name.Value);
        Relay = new SimRelay(world, facts.Name, clock);
    }

    public NodeFacts Facts { get; }

    public NodeName Name => Facts.Name;

    public SkewedClock Clock { get; }

    public Process Agent { get; }

    public SimRelay Relay { get; }

    public Reactor? Reactor { get; private set; }

    /// <summary>It stopped because it was told to: by an operator, or because it has left the fleet.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>The latest end of any lease this host has had: a relay is never told to hold beyond it.</summary>
    public Instant GrantedUntil { get; private set; } = Instant.Never;

    public bool IsLinked => link is not null;

    public Instant Time => Clock.At(world.Now);

    /// <summary>Starts what does not run; an agent that finds a relay takes it over.</summary>
    public void Start()
    {
        HasStopped = false;
        if (Relay.Process.State == ProcessState.Dead)
            Relay.Start();
        if (Agent.State != ProcessState.Dead)
            return;
        Agent.Start();
        world.Log($"{Name} starts");
        Reactor = new Reactor(Facts, $"{Name}#{Agent.Incarnation}", disk, Time);
        judged.Clear();
        plane = new PlaneQueue(world, this);
        Agent.Every(Clock.TrueSpan(TickMicros), () => Take(new NodeInput.Tick()));
        Connect();
    }

    public void KillAgent()
    {
        if (Agent.State == ProcessState.Dead)
            return;
        world.Log($"{Name}'s agent is killed");
        Agent.Kill();
        link?.EndAtNode();
        link = null;
    }

    public void Kill()
    {
        KillAgent();
        world.Log($"{Name}'s relay is killed");
        Relay.Kill();
    }

    public void Stop() => Agent.Do(() => Take(new NodeInput.StopAsked()));

    public void Hear(Link from, Down message) => Agent.Do(() =>
    {
        if (from != link)
            return;
        if (message is Down.Refusal { RetryAfterMs: { } retry } refusal)
        {
            world.Log($"{Name} is refused: {refusal.Reason}");
            refusedFor = retry * 1000L;
            from.EndAtNode();
            return;
        }

        Take(new NodeInput.FromLeader(message));
    });

    public void LinkEnded(Link ended) => Agent.Do(() =>
    {
        if (ended != link)
            return;
        link = null;
        Take(new NodeInput.LinkClosed());
        Agent.DoAfter(Math.Max(refusedFor, world.Chance.Next(50_000, 500_000)), Connect);
        refusedFor = 0;
    });

    public void Take(NodeInput input)
    {
        if (HasStopped)
            return;
        foreach (var effect in Reactor!.Step(input, Time))
            Do(effect);
        GrantedUntil = Instant.Max(GrantedUntil, Reactor.LeaseUntil);
    }

    private void Connect() => Connect(ConnectPatience);

    /// <summary>A coordinator that is stopped lets connections wait until it goes on, or they lose patience.</summary>
    private void Connect(long patience)
    {
        var (me, them) = (Name.Value, Network.Coordinator);
        var isCut = world.Network.IsCut(me, them) || world.Network.IsCut(them, me);
        if (isCut || patience <= 0)
        {
            Agent.DoAfter(Math.Max(0, patience) + world.Chance.Next(1_000, 20_000), Connect);
            return;
        }

        if (world.Coordinator.Process.State == ProcessState.Paused)
        {
            Agent.DoAfter(ConnectPoll, () => Connect(patience - ConnectPoll));
            return;
        }

        Agent.DoAfter((2 * world.Network.Latency(me, them)) + world.Network.Latency(them, me), () =>
        {
            link = world.Coordinator.Accept(this);
            if (link is null)
                Agent.DoAfter(world.Chance.Next(50_000, 500_000), Connect);
            else
                Take(new NodeInput.LinkOpened());
        });
    }

    private void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.SendUp send:
                link?.SendUp(send.Message);
                break;
            case NodeEffect.SendPeer send:
                SendPeer(send.To, send.Datagram);
                break;
            case NodeEffect.CloseLink close:
                world.Log($"{Name} leaves the coordinator: {close.Reason}");
                // The real link drops on another thread: the reactor is never called from inside itself.
                Agent.DoAfter(0, link is { } current ? current.EndAtNode : () => { });
                break;
            case NodeEffect.ApplyPlane or NodeEffect.DrainVips or NodeEffect.HoldVips or NodeEffect.ReadCounters:
                plane!.Post(effect);
                break;
            case NodeEffect.SaveMap save:
                Agent.DoAfter(2_000, () => disk = save.Map);
                break;
            case NodeEffect.CheckBackends check:
                Check(check.Backends);
                break;
            case NodeEffect.Stop stop:
                world.Log($"{Name} stops: {stop.Reason}");
                HasStopped = true;
                plane!.WhenDone(Kill);
                break;
        }
    }

    private void SendPeer(NodeName to, WatchDatagram datagram)
    {
        if (!Reactor!.Map.Nodes.ContainsKey(to) || !world.Nodes.TryGetValue(to, out var peer))
            return;
        var bytes = new byte[WatchDatagram.SizeMax];
        var length = datagram.Write(bytes);
        world.Network.Datagram(Name.Value, to.Value, () => peer.Agent.Do(() =>
        {
            if (WatchDatagram.TryRead(bytes.AsSpan(0, length), out var read))
                peer.Take(new NodeInput.FromPeer(read));
        }));
    }

    /// <summary>Every backend is up, and seen to be so a little later.</summary>
    private void Check(ImmutableArray<BackendToCheck> backends)
    {
        foreach (var key in backends.Select(b => b.Key).Where(judged.Add))
            Agent.DoAfter(world.Chance.Next(5_000, 50_000), () => Take(new NodeInput.Judged(key, Verdict.Up)));
        judged.IntersectWith(backends.Select(b => b.Key));
    }
}
