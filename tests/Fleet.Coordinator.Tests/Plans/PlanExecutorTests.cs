using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.Ownership;
using Fleet.Coordinator.Tests.State;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Plans;

public sealed class PlanExecutorTests
{
    private static readonly Instant Now = Build.At(60_000);
    private static readonly NodeName Two = new("adc-2");
    private static readonly NodeName Three = new("adc-3");

    [Fact]
    public void Moves_begin_in_the_plans_order_and_their_standbys_are_named_with_them()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(3), Enumerable.Range(1, 20).Select(i => Build.Serving(i, "adc-1"))));
        var events = Begin(state, Plan(Move(7), Move(3), Move(5)));
        events[0]
            .ShouldBeOfType<FleetEvent.HandoversBegun>().Moves
            .Select(m => m.Vip)
            .ShouldBe([Build.Vip(7), Build.Vip(3)], "a tenth of 20 VIPs may be on the move");
        events[1].ShouldBeOfType<FleetEvent.StandbysNamed>().Vips.ShouldAllBe(v => v.Standbys.SequenceEqual(new[] { Three }));
    }

    [Fact]
    public void What_is_on_the_move_counts_and_the_rest_follows_when_it_has_arrived()
    {
        var vips = Enumerable.Range(1, 20).Select(i => Build.Serving(i, "adc-1")).ToArray();
        vips[6] = vips[6] with { Phase = VipPhase.Draining, Successor = Two };
        vips[2] = vips[2] with { Phase = VipPhase.Draining, Successor = Two };
        Begin(TestState.StateOf(Build.Map(Build.Nodes(3), vips)), Plan(Move(7), Move(3), Move(5))).ShouldBeEmpty();
        vips[6] = vips[6] with { Phase = VipPhase.Serving, Successor = null, Owner = Two };
        Begin(TestState.StateOf(Build.Map(Build.Nodes(3), vips)), Plan(Move(7), Move(3), Move(5)))[0]
            .ShouldBeOfType<FleetEvent.HandoversBegun>().Moves.Single().Vip.ShouldBe(Build.Vip(5));
    }

    [Theory]
    [InlineData(VipPhase.Arriving)]
    [InlineData(VipPhase.Unplaced)]
    public void Nothing_moves_by_plan_while_a_vip_waits_to_be_served(VipPhase phase)
    {
        var dark = phase == VipPhase.Unplaced ? Build.Unplaced(9) : Build.Serving(9, "adc-2") with { Phase = phase };
        var state = TestState.StateOf(Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), dark]));
        var observed = TestState.AllHeard(state, Now).QuietSince(Build.Vip(9), Now) with { Plan = Plan(Move(1)) };
        PlanExecutor.Begin(state, observed, Now).ShouldBeEmpty();
    }

    [Fact]
    public void Vip_that_no_node_may_have_holds_up_nothing()
    {
        var map = Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), Build.Unplaced(9, "far")]);
        var far = new ServiceName("far");
        map = map with { Services = map.Services.SetItem(far, map.Services[far] with { Site = new SiteName("elsewhere") }) };
        Begin(TestState.StateOf(map), Plan(Move(1))).ShouldNotBeEmpty();
    }

    [Fact]
    public void Move_whose_owner_has_changed_or_whose_heir_takes_nothing_is_left_alone()
    {
        var vips = Enumerable.Range(1, 20).Select(i => Build.Serving(i, i == 1 ? "adc-3" : "adc-1"));
        var state = TestState.StateOf(
            Build.Map([Build.Node("adc-1"), Build.Node("adc-2"), Build.Node("adc-3"), Build.Node("adc-4", NodeIntent.Cordoned)], vips));
        var cordoned = Move(2) with { To = new NodeName("adc-4") };
        Begin(state, Plan(Move(1), cordoned, Move(3)))[0].ShouldBeOfType<FleetEvent.HandoversBegun>().Moves.Single().Vip.ShouldBe(Build.Vip(3));
    }

    [Fact]
    public void Node_that_could_not_hold_vips_of_the_service_gets_none_for_a_while_and_then_one_at_a_time_until_it_serves_one()
    {
        var vips = Enumerable.Range(1, 40).Select(i => Build.Serving(i, "adc-1")).ToArray();
        Begun(times: 1, vips).ShouldBe(1, "its ten seconds are over");
        Begun(times: 2, vips).ShouldBe(0);
        vips[9] = vips[9] with { Phase = VipPhase.Draining, Successor = Two };
        Begun(times: 1, vips).ShouldBe(0, "one is on its way");
        Begun(times: 1, vips, isOver: true).ShouldBe(3);

        static int Begun(int times, VipEntry[] vips, bool isOver = false)
        {
            var state = TestState.StateOf(Build.Map(Build.Nodes(3), vips));
            var failure = new HoldFailure(times, Now - TimeSpan.FromSeconds(10), Lasts: false, isOver);
            var observed = TestState.AllHeard(state, Now).With(Two, n => n with { Failures = n.Failures.SetItem(new ServiceName("web"), failure) });
            var events = PlanExecutor.Begin(state, observed with { Plan = Plan(Move(7), Move(3), Move(5)) }, Now);
            return events.OfType<FleetEvent.HandoversBegun>().Sum(e => e.Moves.Length);
        }
    }

    [Fact]
    public void Nodes_that_could_not_hold_vips_are_planned_for_as_cordoned_while_they_are_half_of_all_or_fewer()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(4), [Build.Serving(1, "adc-1")]));
        var observed = UnheldVipsTests.Failing(UnheldVipsTests.Failing(TestState.AllHeard(state, Now), Two), Three);
        PlanRequest.Seen(state, observed, Now).ShouldBe([new(Two, PlanNodeState.Cordoned), new(Three, PlanNodeState.Cordoned)]);
        PlanRequest.Seen(state, observed, Now + TimeSpan.FromSeconds(1)).ShouldBeEmpty();
        PlanRequest.Seen(state, UnheldVipsTests.Failing(observed, new NodeName("adc-4")), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Standbys_are_named_for_vips_that_are_where_the_plan_has_them_and_once()
    {
        var state = TestState.StateOf(
            Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2"), Build.Serving(3, "adc-1", standbys: "adc-3")]));
        var plan = Plan() with { Standbys = [Standby(1), Standby(2), Standby(3)] };
        var observed = TestState.AllHeard(state, Now) with { Plan = plan };
        var named = PlanExecutor.Name(state, observed, Now).ShouldHaveSingleItem();
        named.ShouldBeOfType<FleetEvent.StandbysNamed>().Vips.Select(v => v.Vip).ShouldBe([Build.Vip(1)]);
        var after = Evolver.Evolve(state, named, 2);
        PlanExecutor.Name(after, observed, Now).ShouldBeEmpty();
        plan.Left(after.Map).Standbys.ShouldBeEmpty();
    }

    private static FleetEvent[] Begin(FleetState state, PreparedPlan plan) =>
        [.. PlanExecutor.Begin(state, TestState.AllHeard(state, Now) with { Plan = plan }, Now)];

    private static PreparedStandbys Standby(int vip) => new(Build.Vip(vip), new NodeName("adc-1"), [Three]);

    private static PreparedMove Move(int vip) => new(Build.Vip(vip), new NodeName("adc-1"), Two, MoveReason.Balance, [Three]);

    private static PreparedPlan Plan(params PreparedMove[] moves) =>
        new(
            1,
            new MapVersion(1, 1),
            [],
            [.. moves],
            Planned.Compute(new PlacementProblem { Protection = Protection.Default, Nodes = [], Vips = [] }));
}
