using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Net;
using Fleet.Simulation.Worlds;
using Fleet.Testing;

namespace Fleet.Simulation;

/// <summary>
/// A node that cannot be told, or cannot tell, must not leave a VIP dark for as long as that lasts: what was given to it is served elsewhere within a
/// second, and never by two.
/// </summary>
public sealed class DeafNodeTests
{
    private const int Added = 40;
    private static readonly NodeName Deaf = new("adc-3");

    public enum Way
    {
        /// <summary>What the leader says does not reach the node; its heartbeats arrive.</summary>
        Down,

        /// <summary>The node hears the leader and is not heard.</summary>
        Up,

        Both,
    }

    [Theory]
    [InlineData(Way.Down)]
    [InlineData(Way.Up)]
    [InlineData(Way.Both)]
    public void Vips_that_are_given_to_it_are_served_elsewhere_within_a_second(Way way)
    {
        Cases.Play(Enumerable.Range(1, 10), seed =>
        {
            var world = DistanceTests.Formed(seed, LeaseTerms.Default, (1, 1), 1);
            Cut(world, way);
            world.Run(TimeSpan.FromMilliseconds(seed * 40));
            Apply(world, "more");
            var given = world.Elapsed;
            world.RunUntil(() => world.Store.Folded.Map.Vips.Count == 20 + Added, TimeSpan.FromSeconds(1)).ShouldBeTrue();
            world.RunUntil(() => DistanceTests.Served(world), TimeSpan.FromSeconds(5)).ShouldBeTrue($"seed {seed}: {Story(world)}");
            (world.Elapsed - given).TotalMilliseconds.ShouldBeLessThanOrEqualTo(1000, $"seed {seed}");
            world.Run(TimeSpan.FromSeconds(3));
            DistanceTests.Served(world).ShouldBeTrue("it stays so");
            Settled(world).ShouldBeTrue($"seed {seed}: {Story(world)}");

            world.Network.Heal();
            world.RunUntil(() => DistanceTests.AllHeard(world) && Settled(world) && DistanceTests.Served(world), TimeSpan.FromSeconds(20))
                .ShouldBeTrue($"seed {seed}: it comes back");
        });
    }

    [Fact]
    public void Deaf_node_that_was_given_nothing_keeps_what_it_serves()
    {
        var world = DistanceTests.Formed(1, LeaseTerms.Default, (1, 1), 1);
        Cut(world, Way.Down);
        world.Service.TakeLongest();
        world.Run(TimeSpan.FromSeconds(10));
        DistanceTests.Served(world).ShouldBeTrue();
        world.Service.TakeLongest().ShouldBe(0);
        world.Store.Folded.Map.Nodes[Deaf].Presence.ShouldBe(NodePresence.Up);
    }

    [Fact]
    public void Node_that_was_lost_for_being_deaf_is_not_taken_back_as_long_as_it_is()
    {
        var world = DistanceTests.Formed(2, LeaseTerms.Default, (1, 1), 1);
        Cut(world, Way.Down);
        Apply(world, "more");
        world.RunUntil(() => world.Store.Folded.Map.Nodes[Deaf].Presence == NodePresence.Down, TimeSpan.FromSeconds(1)).ShouldBeTrue();
        var lost = world.Store.Entries.Length;
        world.Run(TimeSpan.FromSeconds(5));
        world.Store.Entries.Skip(lost).SelectMany(e => e.Events).OfType<FleetEvent.NodeReturned>().ShouldBeEmpty();
    }

    private static void Cut(World world, Way way)
    {
        if (way is Way.Down or Way.Both)
            new Cut(world.Elapsed, Network.Coordinator, Deaf.Value, BothWays: false).Strike(world);
        if (way is Way.Up or Way.Both)
            new Cut(world.Elapsed, Deaf.Value, Network.Coordinator, BothWays: false).Strike(world);
    }

    private static void Apply(World world, string service) =>
        new Apply(world.Elapsed, Build.Service(service, Build.Vips(Added, first: 101))).Strike(world);

    private static bool Settled(World world) => world.Store.Folded.Map.Vips.Values.All(v => v is { Phase: VipPhase.Serving, Successor: null });

    private static string Story(World world) =>
        string.Join('\n', world.Store.Entries.TakeLast(10).SelectMany(e => e.Events).Select(Fleet.Coordinator.Api.EventWords.Text));
}
