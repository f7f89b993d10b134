using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation;

/// <summary>Every coordinator is dead, and then the nodes stand still for longer than their leases.</summary>
public sealed class LeaderlessTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Vips_are_served_again_half_a_second_after_a_stall_of_all_nodes_though_no_coordinator_is_there(int seed)
    {
        var world = DistanceTests.Formed(seed, LeaseTerms.Default, (1, 1), 1);
        var before = world.Store.Folded.Map.Vips;
        world.Coordinator.Kill();
        world.Run(TimeSpan.FromSeconds(10));
        DistanceTests.Served(world).ShouldBeTrue("leases go on by the witnesses");
        Stall(world, TimeSpan.FromSeconds(1.5));
        DistanceTests.Served(world).ShouldBeFalse("every lease has run out");
        world.RunUntil(() => DistanceTests.Served(world), TimeSpan.FromSeconds(0.5)).ShouldBeTrue();
        world.Run(TimeSpan.FromSeconds(18));
        DistanceTests.Served(world).ShouldBeTrue();

        world.Coordinator.Start();
        world.RunUntil(() => DistanceTests.AllHeard(world), TimeSpan.FromSeconds(5)).ShouldBeTrue();
        world.Run(TimeSpan.FromSeconds(3));
        world.Store.Folded.Map.Vips.Values.Select(v => (v.Address, v.Owner)).ShouldBe(before.Values.Select(v => (v.Address, v.Owner)));
    }

    /// <summary>One node is found lost just before the leader dies: whoever told so does not take it back.</summary>
    [Fact]
    public void Node_that_a_leader_found_lost_before_it_died_is_not_revived()
    {
        var world = DistanceTests.Formed(1, LeaseTerms.Default, (1, 1), 1);
        var lost = world.Node(new NodeName("adc-2"));
        lost.Agent.Pause();
        lost.Relay.Pause();
        world.RunUntil(() => world.Store.Folded.Map.Nodes[lost.Name].Presence == Fleet.Shared.Map.NodePresence.Down, TimeSpan.FromSeconds(2))
            .ShouldBeTrue();
        world.RunUntil(() => DistanceTests.Served(world), TimeSpan.FromSeconds(1)).ShouldBeTrue();
        world.Coordinator.Kill();
        world.Run(TimeSpan.FromSeconds(1));
        lost.Relay.Continue();
        lost.Agent.Continue();
        // The checker of one owner looks after every event.
        world.Run(TimeSpan.FromSeconds(10));
        lost.Relay.Serving.ShouldBeEmpty();
        DistanceTests.Served(world).ShouldBeTrue();
    }

    private static void Stall(World world, TimeSpan span)
    {
        foreach (var node in world.Nodes.Values)
        {
            node.Agent.Pause();
            node.Relay.Pause();
        }

        world.Run(span);
        foreach (var node in world.Nodes.Values)
        {
            node.Relay.Continue();
            node.Agent.Continue();
        }
    }
}
