using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Model;

public sealed class ProblemOfTests
{
    [Theory]
    [InlineData(NodePresence.Up, NodeIntent.Active, PlanNodeState.Up)]
    [InlineData(NodePresence.Up, NodeIntent.Cordoned, PlanNodeState.Cordoned)]
    [InlineData(NodePresence.Up, NodeIntent.Draining, PlanNodeState.Draining)]
    [InlineData(NodePresence.Up, NodeIntent.Leaving, PlanNodeState.Draining)]
    [InlineData(NodePresence.Down, NodeIntent.Active, PlanNodeState.Down)]
    [InlineData(NodePresence.Down, NodeIntent.Leaving, PlanNodeState.Down)]
    public void Node_is_in_the_state_that_presence_and_intent_say(NodePresence presence, NodeIntent intent, PlanNodeState state) =>
        ProblemOf.Map(Build.Map([Build.Node("adc-1", intent, presence)])).Nodes.Single().State.ShouldBe(state);

    [Fact]
    public void Vip_counts_where_it_is_going()
    {
        var moving = Build.Serving(1, "adc-1", "web", "adc-3") with { Phase = VipPhase.Draining, Successor = Build.Name("adc-2") };
        var vip = ProblemOf.Map(Build.Map(Build.Nodes(3), [moving])).Vips.Single();
        vip.Owner.ShouldBe(Build.Name("adc-2"));
        vip.Standbys.ShouldBe([Build.Name("adc-3")]);
    }

    [Fact]
    public void Who_is_not_in_the_map_neither_owns_nor_stands_by()
    {
        var vip = ProblemOf.Map(Build.Map(Build.Nodes(2), [Build.Serving(1, "gone", "web", "gone", "adc-2")])).Vips.Single();
        vip.Owner.ShouldBeNull();
        vip.Standbys.ShouldBe([Build.Name("adc-2")]);
    }

    [Fact]
    public void Unknown_demand_is_the_share_max_of_the_smallest_node()
    {
        var small = Build.Node("adc-2") with { Facts = Build.Facts("adc-2", capacityBps: 4 * Build.Gbps) };
        var problem = ProblemOf.Map(
            Build.Map([Build.Node("adc-1"), small], [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-1") with { DemandBps = 7 }]));
        problem.Vips.Select(vip => vip.Demand.Bps).ShouldBe([200_000_000, 7]);
    }

    [Theory]
    [InlineData(0, 50, 50)]
    [InlineData(80, 50, 80)]
    [InlineData(80, 90, 90)]
    public void Larger_of_declared_and_measured_demand_counts(long declared, long measured, long expected)
    {
        var map = Build.Map(
            Build.Nodes(1), [Build.Serving(1, "adc-1") with { DemandBps = declared, MeasuredBps = measured, DemandCps = 2, MeasuredCps = 3 }]);
        ProblemOf.Map(map).Vips.Single().Demand.ShouldBe(new Load(expected, 3));
    }

    [Fact]
    public void Vip_lies_in_the_site_of_its_service()
    {
        var map = Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1")]);
        ProblemOf.Map(map).Vips.Single().Site.ShouldBeNull();
        var web = map.Services.Values.Single() with { Site = new SiteName("ams") };
        ProblemOf.Map(map with { Services = map.Services.SetItem(web.Name, web) }).Vips.Single().Site.ShouldBe(new SiteName("ams"));
    }

    [Fact]
    public void Vip_that_is_bound_to_a_site_lies_there_and_its_siblings_where_their_service_may()
    {
        var map = Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1") with { Site = new SiteName("fra") }, Build.Serving(2, "adc-1")]);
        ProblemOf.Map(map).Vips.Select(vip => vip.Site).ShouldBe([new SiteName("fra"), null]);
    }

    [Fact]
    public void Segments_and_connections_are_the_nodes_and_the_services_own()
    {
        var node = Build.Node("adc-1") with { Facts = Build.Facts("adc-1") with { Segment = "vlan-7", ConnectionsMax = 500 } };
        var map = Build.Map([node, Build.Node("adc-2")], [Build.Serving(1, "adc-1")]);
        var web = map.Services.Values.Single() with { Segment = "vlan-7" };
        var problem = ProblemOf.Map(map with { Services = map.Services.SetItem(web.Name, web) });
        problem.Nodes.Select(n => (n.Segment, n.Capacity.Cps)).ShouldBe([("vlan-7", 500), (null, PlanNode.Unbounded)]);
        problem.Vips.Single().Segment.ShouldBe("vlan-7");
    }

    [Fact]
    public void Policy_is_the_maps()
    {
        var policy = FleetPolicy.Default
            with
        { Protection = new Protection(2, 1, 0.9), Placement = PlacementPolicy.Default with { BalanceBand = 0.1 } };
        var problem = ProblemOf.Map(Build.Map(Build.Nodes(1), policy: policy));
        problem.Protection.ShouldBe(policy.Protection);
        problem.Policy.ShouldBe(policy.Placement);
    }
}
