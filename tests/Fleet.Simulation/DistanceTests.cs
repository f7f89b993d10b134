using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Net;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>
/// How far the nodes are from the leader and from each other decides how long a loss takes to be found, and never whether it is. The bound is lease +
/// margin, two round trips of the link, one way of the witnesses, one way more for the map, and 60 ms to judge, write and take: 600 ms and four
/// one-way delays at the default lease, where all ways are alike.
/// </summary>
public sealed class DistanceTests
{
    private const int Nodes = 5;
    private static readonly NodeName Doomed = new("adc-2");

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    public void Vips_of_a_killed_node_are_back_within_600_ms_and_four_delays(int delayMs)
    {
        Cases.Play(Enumerable.Range(1, 10), seed =>
        {
            var world = Formed(seed, LeaseTerms.Default, (delayMs, delayMs), delayMs);
            OutageMs(world, () => world.Node(Doomed).Kill()).ShouldBeLessThanOrEqualTo(600 + (4 * delayMs), $"seed {seed}");
        });
    }

    [Theory]
    [InlineData(200, 200, 200)]
    [InlineData(0, 200, 5)]
    [InlineData(200, 0, 5)]
    [InlineData(5, 5, 200)]
    public void Loss_is_found_however_far_away_and_one_sided_the_ways_are(int upMs, int downMs, int witnessMs)
    {
        var lease = new LeaseTerms(200, 1500, 100);
        Cases.Play(Enumerable.Range(1, 5), seed =>
        {
            var world = Formed(seed, lease, (upMs, downMs), witnessMs);
            OutageMs(world, () => world.Node(Doomed).Kill()).ShouldBeLessThanOrEqualTo(
                1600 + (2 * (upMs + downMs)) + witnessMs + downMs + 150, $"seed {seed}");
        });
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Leader_that_was_stopped_finds_the_next_loss_as_soon_as_before(int stoppedMs)
    {
        Cases.Play(Enumerable.Range(1, 5), seed =>
        {
            var world = Formed(seed, LeaseTerms.Default, (1, 1), 1);
            new PauseCoordinator(world.Elapsed, TimeSpan.FromMilliseconds(stoppedMs)).Strike(world);
            world.Run(TimeSpan.FromMilliseconds(stoppedMs + 5));
            world.RunUntil(() => AllHeard(world), TimeSpan.FromSeconds(4)).ShouldBeTrue($"seed {seed}: all find the leader again");
            OutageMs(world, () => world.Node(Doomed).Kill()).ShouldBeLessThanOrEqualTo(604, $"seed {seed}");
            world.Store.Folded.Map.Nodes.Values.Count(n => n.Presence == NodePresence.Down).ShouldBe(1);
        });
    }

    [Fact]
    public void Rack_of_twenty_of_a_hundred_nodes_is_lost_in_at_most_two_entries_within_700_ms()
    {
        var world = new World(new WorldSettings
        {
            Seed = 1,
            Nodes = 100,
            Domains = 5,
            Policy = FleetPolicy.Default with { Protection = new Protection(1, 1, 1), VipPool = ["10.0.0.0/16"] },
            Services = [Build.Service("web", Build.Vips(400))],
        });
        world.RunUntil(() => world.Now > 3_000_000 && Served(world), TimeSpan.FromSeconds(30)).ShouldBeTrue("it forms");
        world.Run(TimeSpan.FromMilliseconds(37));
        var before = world.Store.Entries.Length;
        var rack = world.Nodes.Values.Where(n => n.Facts.Domain == world.Node(Doomed).Facts.Domain).ToArray();
        rack.Length.ShouldBe(20);
        foreach (var node in rack)
            node.Kill();
        world.Run(TimeSpan.FromMilliseconds(700));
        var losses = world.Store.Entries.Skip(before).Select(e => e.Events.OfType<FleetEvent.NodeLost>().Count()).Where(n => n > 0).ToArray();
        losses.Sum().ShouldBe(20, string.Join(", ", losses));
        losses.Length.ShouldBeLessThanOrEqualTo(2, string.Join(", ", losses));
    }

    [Fact]
    public void Node_that_dies_while_the_leader_is_stopped_is_found_a_lease_after_it_goes_on()
    {
        var world = Formed(1, LeaseTerms.Default, (1, 1), 1);
        new PauseCoordinator(world.Elapsed, TimeSpan.FromSeconds(5)).Strike(world);
        world.Run(TimeSpan.FromSeconds(1));
        OutageMs(world, () => world.Node(Doomed).Kill()).ShouldBeLessThanOrEqualTo(4000 + 604);
    }

    /// <summary>The leader's host reaches nobody for a while, and then all again.</summary>
    [Fact]
    public void After_every_node_was_suspect_at_once_the_next_loss_is_found_as_soon_as_before()
    {
        var world = Formed(3, LeaseTerms.Default, (1, 1), 1);
        foreach (var node in world.Nodes.Keys)
            new Cut(world.Elapsed, node.Value, Network.Coordinator, BothWays: true).Strike(world);
        world.Run(TimeSpan.FromMilliseconds(900));
        world.Coordinator.Leader!.Observed.Nodes.Values.ShouldAllBe(n => n.LeaseExpiryProof != null, "all are suspect");
        world.Network.Heal();
        world.RunUntil(() => AllHeard(world), TimeSpan.FromSeconds(4)).ShouldBeTrue();
        OutageMs(world, () => world.Node(Doomed).Kill()).ShouldBeLessThanOrEqualTo(604);
    }

    internal static World Formed(int seed, LeaseTerms lease, (int UpMs, int DownMs) link, int witnessMs)
    {
        var world = new World(new WorldSettings
        {
            Seed = seed,
            Nodes = Nodes,
            Policy = FleetPolicy.Default with { Lease = lease, VipPool = ["10.0.0.0/16"] },
            Services = [Build.Service("web", Build.Vips(20))],
        });
        world.Network.LatencyMicros = (50, 150);
        foreach (var node in world.Nodes.Keys)
        {
            world.Network.Stretch(node.Value, Network.Coordinator, link.UpMs * 1000);
            world.Network.Stretch(Network.Coordinator, node.Value, link.DownMs * 1000);
            foreach (var peer in world.Nodes.Keys)
                world.Network.Stretch(node.Value, peer.Value, witnessMs * 1000);
        }

        world.RunUntil(() => world.Now > 3_000_000 && Served(world), TimeSpan.FromSeconds(30))
            .ShouldBeTrue($"seed {seed} forms: {Healed.Lacks(world)}");
        world.Run(TimeSpan.FromMilliseconds(1000 + (seed * 17)));
        return world;
    }

    /// <summary>The longest time for which a VIP was dark, by true time, after that was done.</summary>
    internal static double OutageMs(World world, Action what)
    {
        world.Service.TakeLongest();
        what();
        world.RunUntil(() => false, TimeSpan.FromMilliseconds(10));
        world.RunUntil(() => Served(world), TimeSpan.FromSeconds(20)).ShouldBeTrue($"it never heals: {Healed.Lacks(world)}");
        return world.Service.TakeLongest() / 1000.0;
    }

    internal static bool Served(World world)
    {
        var served = world.Served.Now;
        return world.Store.Folded.Map.Vips is { IsEmpty: false } vips && vips.Keys.All(served.Contains);
    }

    internal static bool AllHeard(World world) => world.Coordinator.Leader is { } leader
        && world.Nodes.Values.All(n => n.IsLinked)
        && leader.State.Map.Nodes.Values.All(n =>
            n is { Presence: NodePresence.Up, Suspected: false }
                && leader.Observed.Node(n.Name) is { LeaseExpiryProof: null, WasHeard: true, Connection: not null });
}
