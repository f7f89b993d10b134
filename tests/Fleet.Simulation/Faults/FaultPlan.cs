using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Net;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>A world and what befalls it, all from one seed: some seconds of trouble, and then everything that was broken is mended.</summary>
public sealed record FaultPlan(WorldSettings Settings, ImmutableArray<Fault> Faults, TimeSpan Quiet)
{
    private static readonly LeaseTerms Fast = new(50, 200, 25);
    private static readonly TimeSpan Formed = TimeSpan.FromSeconds(3);

    public static FaultPlan Random(int seed)
    {
        var chance = new Random(seed);
        var nodes = chance.Next(2, 7);
        var vips = chance.Next(4, 25);
        var protection = new Protection(chance.Next(1, 3), chance.Next(4) == 0 ? 1 : 0, 1);
        var settings = new WorldSettings
        {
            Seed = seed,
            Nodes = nodes,
            Domains = chance.Next(0, 4),
            Sites = [.. Sites(seed)],
            Policy = FleetPolicy.Default with { Protection = protection, VipPool = ["10.0.0.0/16"], Zone = GslbZone.Default with { HoldDownMs = 2000 } },
            Services = [Build.Service("web", Build.Vips(vips))],
        };
        var end = Formed + TimeSpan.FromSeconds(chance.Next(2, 12));
        var faults = Enumerable.Range(0, chance.Next(1, 14)).SelectMany(_ => One(chance, nodes, vips, Moment(chance, Formed, end)))
            .Concat(Cuts(seed, end)).Concat(Distances(seed)).Concat(Stalls(seed, end)).OrderBy(f => f.At).ToImmutableArray();
        return new FaultPlan(settings, faults, faults.Select(f => f.At).Append(end).Max() + TimeSpan.FromSeconds(1));
    }

    /// <summary>Mends what is broken: the world's own doing at the beginning of the quiet time.</summary>
    public static void Mend(World world)
    {
        world.Log("--- quiet ---");
        world.Network.Heal();
        world.Backends.MendAll();
        (world.Store.IsUnreachable, world.Store.IsFull) = (false, false);
        world.Store.AppendMicros = (100, 1500);
        world.Coordinator.Process.Continue();
        world.Coordinator.Start();
        foreach (var node in world.Nodes.Values)
        {
            node.Disk.IsFull = false;
            node.Relay.BindsFail = false;
            node.Relay.Continue();
            node.Agent.Continue();
            if (!node.HasStopped)
                node.Start();
        }
    }

    /// <summary>What an operator does after a while: says of nodes that have stopped for good that they have, and ends drains that were left over.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public static bool Tidy(World world)
    {
        var map = world.Store.Folded.Map;
        var stopped = world.Nodes.Values.Where(n => n.HasStopped && n.Agent.State == ProcessState.Dead && map.Nodes.GetValueOrDefault(n.Name) is { Presence: NodePresence.Up });
        Command[] commands =
        [
            .. stopped.Select(n => new Command.DeclareDown(n.Name)),
            .. map.Nodes.Values.Where(n => n.Intent == NodeIntent.Draining).Select(n => new Command.Intend(n.Name, NodeIntent.Active)),
        ];
        foreach (var command in commands)
            world.Coordinator.Ask(command, decision => world.Log($"operator is told: {decision}"), force: true);
        return commands.Length > 0;
    }

    /// <summary>Every third fleet has two sites. From a chance of their own: what else befalls a seed does not depend on it.</summary>
    private static string[] Sites(int seed) => seed % 3 == 0 ? ["ams", "fra"] : ["here"];

    private static IEnumerable<Fault> Cuts(int seed, TimeSpan end)
    {
        var chance = new Random(seed + 1_000_000);
        return Sites(seed).Length == 1 ? [] : Enumerable.Range(0, chance.Next(1, 4)).SelectMany(_ =>
        {
            var at = Moment(chance, Formed, end);
            return (Fault[])[new CutSite(at, Sites(seed)[chance.Next(2)]), new Heal(at + Span(chance, 50, 4000))];
        });
    }

    /// <summary>In every third world some ways are long, each in its own direction: up to 80 ms, so that a lease of 400 ms can be renewed.</summary>
    private static IEnumerable<Fault> Distances(int seed)
    {
        var chance = new Random(seed + 2_000_000);
        return seed % 3 != 1 ? [] : [new Stretch(TimeSpan.Zero, chance.Next(), chance.Next(2, 81))];
    }

    /// <summary>In every fourth world all nodes stand still at once, now and then without a coordinator.</summary>
    private static IEnumerable<Fault> Stalls(int seed, TimeSpan end)
    {
        var chance = new Random(seed + 3_000_000);
        if (seed % 4 != 2)
            return [];
        var at = Moment(chance, Formed, end);
        Fault[] dead = chance.Next(2) == 0 ? [] : [new KillCoordinator(at - Span(chance, 0, 2000)), new StartCoordinator(at + Span(chance, 500, 6000))];
        return [.. dead, new StallAll(at, Span(chance, 100, 3000), chance.Next())];
    }

    /// <summary>Somebody stays: adc-1 neither leaves nor stops for good.</summary>
    private static IEnumerable<Fault> One(Random chance, int nodes, int vips, TimeSpan at)
    {
        var node = $"adc-{chance.Next(1, nodes + 1)}";
        var other = $"adc-{chance.Next(1, nodes + 1)}";
        var soon = at + Span(chance, 50, 4000);
        return chance.Next(21) switch
        {
            0 or 1 => [new Kill(at, node), new Start(soon, node)],
            2 => [new KillAgent(at, node), new Start(soon, node)],
            3 => [new PowerOff(at, node), new Heal(soon), new Start(soon + Span(chance, 0, 500), node)],
            4 or 5 => [new Pause(at, node, Span(chance, 50, 3000), chance.Next(2) == 0)],
            6 => [new Cut(at, node, Network.Coordinator, BothWays: true), new Heal(soon)],
            7 => [new CutOff(at, node), new Heal(soon)],
            8 => [new Cut(at, node, other, chance.Next(2) == 0), new Heal(soon)],
            9 => [new Cut(at, node, Network.Coordinator, BothWays: false), new Heal(soon)],
            10 => [new Cut(at, Network.Coordinator, node, BothWays: false), new Heal(soon)],
            11 => [new Join(at, $"adc-{nodes + chance.Next(1, 4)}")],
            12 => [new Intend(at, node, NodeIntent.Draining), new Intend(soon, node, NodeIntent.Active)],
            13 when node != "adc-1" => [new Intend(at, node, NodeIntent.Leaving)],
            14 => [new KillCoordinator(at), new StartCoordinator(soon)],
            15 => [new PauseCoordinator(at, Span(chance, 50, 3000))],
            16 => chance.Next(2) == 0 ? [new StoreDown(at, Span(chance, 50, 2000))] : [new SlowDisk(at, Span(chance, 500, 3000), chance.Next(5, 300))],
            17 => [new Lose(at, chance.NextDouble() * 0.6), new Heal(soon)],
            18 => [new Apply(at, Build.Service("web", Some(chance, vips))), new Apply(soon, Build.Service("web", Build.Vips(vips)))],
            19 when node != "adc-1" => [new Stop(at, node)],
            20 => [new SetLease(at, Fast), new SetLease(soon, LeaseTerms.Default)],
            _ => [],
        };
    }

    private static ImmutableArray<VipAddress> Some(Random chance, int vips) => Build.Vips(Math.Max(1, chance.Next(vips)), chance.Next(1, 4));

    private static TimeSpan Moment(Random chance, TimeSpan from, TimeSpan to) => from + ((to - from) * chance.NextDouble());

    private static TimeSpan Span(Random chance, int leastMs, int mostMs) => TimeSpan.FromMilliseconds(chance.Next(leastMs, mostMs));
}
