using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>Something that is done to a world at a moment of true time. A fault that makes no sense then, such as killing the dead, does nothing.</summary>
public abstract record Fault(TimeSpan At)
{
    public void Strike(World world)
    {
        world.Log($"FAULT {this}");
        Do(world);
    }

    protected abstract void Do(World world);

    private static void OnNode(World world, string node, Action<SimNode> what)
    {
        if (world.Nodes.TryGetValue(new NodeName(node), out var found))
            what(found);
    }

    /// <summary>Trouble does not ask whether it breaks the protection.</summary>
    private static void Ask(World world, Command command) =>
        world.Coordinator.Ask(command, decision => world.Log($"operator is told: {decision}"), force: true);

    /// <summary>Agent and relay die.</summary>
    public sealed record Kill(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world) => OnNode(world, Node, n => n.Kill());
    }

    /// <summary>The host loses power: nothing says goodbye, not even its kernel.</summary>
    public sealed record PowerOff(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world) => OnNode(world, Node, n =>
        {
            new CutOff(At, Node).Do(world);
            n.Kill();
        });
    }

    public sealed record KillAgent(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world) => OnNode(world, Node, n => n.KillAgent());
    }

    public sealed record Start(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world) => OnNode(world, Node, n =>
        {
            if (n.Agent.State == ProcessState.Dead && !n.HasStopped)
                n.Start();
        });
    }

    /// <summary>SIGSTOP, and SIGCONT later.</summary>
    public sealed record Pause(TimeSpan At, string Node, TimeSpan For, bool WithRelay) : Fault(At)
    {
        protected override void Do(World world) => OnNode(world, Node, n =>
        {
            n.Agent.Pause();
            if (WithRelay)
                n.Relay.Pause();
            world.After((long)For.TotalMicroseconds, () =>
            {
                world.Log($"{Node} is continued");
                n.Relay.Continue();
                n.Agent.Continue();
            });
        });
    }

    /// <summary>Half of all ways take up to so many milliseconds more, for the rest of the world.</summary>
    public sealed record Stretch(TimeSpan At, int Chance, int MostMs) : Fault(At)
    {
        protected override void Do(World world)
        {
            var chance = new Random(Chance);
            string[] hosts = [Network.Coordinator, .. world.Nodes.Keys.Select(n => n.Value)];
            foreach (var (from, to) in hosts.SelectMany(from => hosts.Select(to => (from, to))).Where(_ => chance.Next(2) == 0))
                world.Network.Stretch(from, to, chance.Next(1, (MostMs * 1000) + 1));
        }
    }

    /// <summary>The agents and relays of all nodes stand still, and go on one after the other within 100 ms.</summary>
    public sealed record StallAll(TimeSpan At, TimeSpan For, int Chance) : Fault(At)
    {
        protected override void Do(World world)
        {
            var chance = new Random(Chance);
            foreach (var node in world.Nodes.Values)
            {
                node.Agent.Pause();
                node.Relay.Pause();
                world.After((long)For.TotalMicroseconds + chance.Next(100_000), () =>
                {
                    node.Relay.Continue();
                    node.Agent.Continue();
                });
            }
        }
    }

    /// <summary>Messages in one direction between two hosts are dropped; TCP stalls.</summary>
    public sealed record Cut(TimeSpan At, string From, string To, bool BothWays) : Fault(At)
    {
        protected override void Do(World world)
        {
            world.Network.Cut(From, To);
            if (BothWays)
                world.Network.Cut(To, From);
        }
    }

    /// <summary>Cut off from everybody.</summary>
    public sealed record CutOff(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world)
        {
            foreach (var other in world.Nodes.Keys.Select(n => n.Value).Append(Network.Coordinator).Where(n => n != Node))
            {
                world.Network.Cut(Node, other);
                world.Network.Cut(other, Node);
            }
        }
    }

    /// <summary>All nodes of a site are cut off from everybody outside, and hear each other.</summary>
    public sealed record CutSite(TimeSpan At, string Site) : Fault(At)
    {
        protected override void Do(World world)
        {
            var sites = world.Nodes.Values.ToLookup(n => n.Facts.Site.Value == Site, n => n.Name.Value);
            foreach (var inside in sites[true])
            {
                foreach (var outside in sites[false].Append(Network.Coordinator))
                {
                    world.Network.Cut(inside, outside);
                    world.Network.Cut(outside, inside);
                }
            }
        }
    }

    public sealed record Heal(TimeSpan At) : Fault(At)
    {
        protected override void Do(World world) => world.Network.Heal();
    }

    public sealed record Lose(TimeSpan At, double Part) : Fault(At)
    {
        protected override void Do(World world) => world.Network.Loss = Part;
    }

    public sealed record Join(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world)
        {
            if (!world.Nodes.ContainsKey(new NodeName(Node)))
                world.AddNode(Node).Start();
        }
    }

    public sealed record Intend(TimeSpan At, string Node, NodeIntent Intent) : Fault(At)
    {
        protected override void Do(World world) => Ask(world, new Command.Intend(new NodeName(Node), Intent));
    }

    /// <summary>SIGTERM: the agent hands over and goes.</summary>
    public sealed record Stop(TimeSpan At, string Node) : Fault(At)
    {
        protected override void Do(World world) => OnNode(world, Node, n => n.Stop());
    }

    public sealed record Apply(TimeSpan At, Service Service) : Fault(At)
    {
        protected override void Do(World world) => Ask(world, new Command.ApplyService(Service));

        public override string ToString() => $"Apply {{ At = {At}, {Service.Name} has {string.Join(' ', Service.Vips)} }}";
    }

    public sealed record Remove(TimeSpan At, ServiceName Service) : Fault(At)
    {
        protected override void Do(World world) => Ask(world, new Command.RemoveService(Service));
    }

    /// <summary>The fleet's lease becomes longer or shorter.</summary>
    public sealed record SetLease(TimeSpan At, LeaseTerms Lease) : Fault(At)
    {
        protected override void Do(World world) => Ask(world, new Command.SetPolicy(world.Settings.Policy with { Lease = Lease }));
    }

    public sealed record KillCoordinator(TimeSpan At) : Fault(At)
    {
        protected override void Do(World world) => world.Coordinator.Kill();
    }

    public sealed record StartCoordinator(TimeSpan At) : Fault(At)
    {
        protected override void Do(World world) => world.Coordinator.Start();
    }

    public sealed record PauseCoordinator(TimeSpan At, TimeSpan For) : Fault(At)
    {
        protected override void Do(World world)
        {
            world.Coordinator.Process.Pause();
            world.After((long)For.TotalMicroseconds, world.Coordinator.Process.Continue);
        }
    }

    public sealed record StoreDown(TimeSpan At, TimeSpan For) : Fault(At)
    {
        protected override void Do(World world)
        {
            world.Store.IsUnreachable = true;
            world.After((long)For.TotalMicroseconds, () => world.Store.IsUnreachable = false);
        }
    }

    public sealed record SlowDisk(TimeSpan At, TimeSpan For, int Milliseconds) : Fault(At)
    {
        protected override void Do(World world)
        {
            var before = world.Store.AppendMicros;
            world.Store.AppendMicros = (Milliseconds * 500, Milliseconds * 1000);
            world.After((long)For.TotalMicroseconds, () => world.Store.AppendMicros = before);
        }
    }
}
