using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Plans;

/// <summary>Nodes adc-1 and adc-2 stand in ams, adc-3 and adc-4 in fra; service web has VIPs 1 to 4.</summary>
public sealed class SiteVipsTests
{
    private static readonly Instant Now = Build.At(60_000);
    private static readonly SiteName Ams = new("ams");
    private static readonly SiteName Fra = new("fra");

    private static readonly ImmutableArray<NodeEntry> Nodes =
        [Build.NodeAt("adc-1", "ams"), Build.NodeAt("adc-2", "ams"), Build.NodeAt("adc-3", "fra"), Build.NodeAt("adc-4", "fra")];

    [Fact]
    public void Service_says_of_each_vip_where_it_lies_and_may_say_otherwise_later()
    {
        var state = Applied(Empty, Web((Ams, [1, 2]), (Fra, [3])));
        state.Map.Vips.Values.Select(v => v.Site).ShouldBe([Ams, Ams, Fra, null]);
        state = Applied(state, Web((Ams, [1]), (Fra, [2, 4])));
        state.Map.Vips.Values.Select(v => v.Site).ShouldBe([Ams, Fra, null, Fra]);
    }

    [Fact]
    public void New_vips_are_placed_in_their_sites()
    {
        var state = Applied(Empty, Web((Ams, [1, 2]), (Fra, [3, 4])));
        var formed = state.Map.Nodes.Keys.Aggregate(
            TestState.AllHeard(state, Now), (seen, name) => seen.With(name, n => n with { FirstHeard = Build.At(0) }));
        var moves = Recovery.Recover(state, formed, Now).OfType<FleetEvent.VipsMoved>().Single().Moves;
        moves.ToDictionary(m => m.Vip, m => state.Map.Nodes[m.To].Facts.Site)
            .ShouldBe(
                new Dictionary<VipAddress, SiteName> { [Build.Vip(1)] = Ams, [Build.Vip(2)] = Ams, [Build.Vip(3)] = Fra, [Build.Vip(4)] = Fra },
                ignoreOrder: true);
    }

    [Fact]
    public void Lost_owners_vip_passes_by_a_standby_in_another_site()
    {
        var vip = Build.Serving(1, "adc-1", "web", "adc-3", "adc-2") with { Site = Ams };
        var state = Evolver.Evolve(TestState.StateOf(Build.Map(Nodes, [vip])), new FleetEvent.NodeLost(new NodeName("adc-1"), "test"), 2);
        Recovery
            .Recover(state, TestState.AllHeard(state, Now), Now)
            .Single()
            .ShouldBeOfType<FleetEvent.VipsMoved>().Moves
            .Single().To
            .ShouldBe(new NodeName("adc-2"));
    }

    [Fact]
    public void Vip_whose_site_has_no_node_left_is_unplaced_and_not_taken_elsewhere()
    {
        var state = TestState.StateOf(Build.Map(Nodes.RemoveRange(0, 2), [Build.Serving(1, "adc-1", "web", "adc-3") with { Site = Ams }]));
        Recovery.Recover(state, TestState.AllHeard(state, Now), Now).Single().ShouldBeOfType<FleetEvent.VipsUnplaced>().Vips.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Handover_to_a_node_that_may_no_longer_have_the_vip_is_called_off()
    {
        var vip = Build.Serving(1, "adc-1") with { Phase = VipPhase.Draining, Successor = new NodeName("adc-3"), Site = Ams };
        var state = TestState.StateOf(Build.Map(Nodes, [vip]));
        Handovers
            .Advance(state, TestState.AllHeard(state, Now), Now)
            .Single()
            .ShouldBeOfType<FleetEvent.HandoversCalledOff>().Vips
            .ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Vip_lies_in_its_services_segment_and_nowhere_else()
    {
        var map = Build.Map(
            [Build.Node("adc-1") with { Facts = Build.Facts("adc-1") with { Segment = "red" } }, Build.Node("adc-2")], [Build.Unplaced(1)]);
        var service = map.Services.Values.Single();
        var bound = map with { Services = map.Services.SetItem(service.Name, service with { Segment = "red" }) };
        var vip = map.Vips.Values.Single();
        map.Nodes.Values.Select(node => Ledger.MayLieOn(map, vip, node)).ShouldBe([true, true]);
        bound.Nodes.Values.Select(node => Ledger.MayLieOn(bound, vip, node)).ShouldBe([true, false]);
    }

    [Fact]
    public void Owner_in_the_wrong_site_hands_over_by_plan()
    {
        var state = TestState.StateOf(Build.Map(Nodes, [.. Enumerable.Range(1, 4).Select(i => Build.Serving(i, $"adc-{i}") with { Site = Ams })]));
        var plan = new PlanRequest(1, state.Map, ImmutableSortedDictionary<NodeName, Placement.Model.PlanNodeState>.Empty).Prepare();
        plan.Moves.Select(m => (m.Vip, m.Reason))
            .ShouldBe([(Build.Vip(3), MoveReason.Outside), (Build.Vip(4), MoveReason.Outside)], ignoreOrder: true);
        PlanExecutor
            .Begin(state, TestState.AllHeard(state, Now) with { Plan = plan }, Now)
            .OfType<FleetEvent.HandoversBegun>()
            .ShouldHaveSingleItem();
    }

    [Fact]
    public void Sites_must_be_given_vips_of_the_service_each_in_one_site_and_in_the_services_own()
    {
        Refused(Web((Ams, [1, 9]))).ShouldContain("site-vips.ams: found 10.0.0.9, which is none of vips");
        Refused(Web((Ams, [1]), (Fra, [1]))).ShouldContain("site-vips: found 10.0.0.1 twice");
        Refused(Web((Ams, [1]), (Fra, []))).ShouldContain("site-vips.fra: found no address, allowed: some of its vips");
        Refused(Web((Ams, [1])) with { Site = Fra }).ShouldContain("site: found fra, and VIPs of ams");
        Decide(Web((Fra, [1])) with { Site = Fra }).ShouldBeOfType<Decision.Accepted>();
    }

    [Fact]
    public void Binding_vips_to_sites_weighs_on_the_protection()
    {
        var before = Applied(Empty, Web((Ams, [1, 2])));
        var command = new Command.ApplyService(Web((Ams, [1, 2]), (Fra, [3])));
        ProtectionGate.Concerns(command, before, Applied(before, command.Service)).ShouldBeTrue();
        ProtectionGate.Concerns(new Command.ApplyService(Web((Ams, [2, 1]))), before, Applied(before, Web((Ams, [2, 1]))))
            .ShouldBeFalse("the same in another order");
    }

    private static FleetState Empty => TestState.StateOf(Build.Map(Nodes));

    private static Service Web(params (SiteName Site, int[] Vips)[] sites) => Build.Service("web", Build.Vips(4)) with
    {
        SiteVips = sites.ToImmutableSortedDictionary(s => s.Site, s => s.Vips.Select(Build.Vip).ToImmutableArray()),
    };

    private static FleetState Applied(FleetState state, Service service) => Evolver.Evolve(state, new FleetEvent.ServiceApplied(service), 2);

    private static Decision Decide(Service service) => Decider.Decide(Empty, TestState.AllHeard(Empty, Now), new Command.ApplyService(service), Now);

    private static string Refused(Service service) => Decide(service).ShouldBeOfType<Decision.Refused>().Reason;
}
