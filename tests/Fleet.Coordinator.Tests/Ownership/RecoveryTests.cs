using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Ownership;

public sealed class RecoveryTests
{
    private static readonly Instant Now = Build.At(60_000);

    [Fact]
    public void Lost_owners_vips_go_to_their_standbys_and_no_other_vip_moves()
    {
        var state = Lost(
            "adc-1",
            Build.Serving(1, "adc-1", standbys: "adc-2"), Build.Serving(2, "adc-1", standbys: "adc-3"), Build.Serving(3, "adc-2", standbys: "adc-1"));
        Moves(state).ShouldBe(
            [new VipMove(Build.Vip(1), new("adc-2"), MoveReason.OwnerLost), new VipMove(Build.Vip(2), new("adc-3"), MoveReason.OwnerLost)]);
    }

    [Fact]
    public void Vip_on_its_way_goes_on_to_its_heir_when_its_owner_is_lost()
    {
        var state = Lost(
            "adc-1", Build.Serving(1, "adc-1", standbys: "adc-2") with { Phase = VipPhase.Releasing, Successor = new NodeName("adc-3") });
        Moves(state).ShouldBe([new VipMove(Build.Vip(1), new("adc-3"), MoveReason.OwnerLost)]);
    }

    [Fact]
    public void Vip_whose_standby_is_gone_too_goes_to_the_least_used_node()
    {
        var state = Lost(
            "adc-1", Build.Serving(1, "adc-1", standbys: "adc-4"), Build.Serving(2, "adc-2"), Build.Serving(3, "adc-2"), Build.Serving(4, "adc-3"));
        Moves(Evolver.Evolve(state, new FleetEvent.NodeLost(new NodeName("adc-4"), "test"), 3))
            .Single(m => m.Vip == Build.Vip(1)).To
            .ShouldBe(new NodeName("adc-3"));
    }

    [Fact]
    public void With_nowhere_to_go_a_vip_is_unplaced()
    {
        var state = TestState.StateOf(Build.Map([Build.Node("adc-1", presence: NodePresence.Down)], [Build.Serving(1, "adc-1")]));
        Recovery
            .Recover(state, TestState.AllHeard(state, Now), Now)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<FleetEvent.VipsUnplaced>().Vips
            .ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Node_that_drains_or_said_goodbye_is_given_nothing()
    {
        var state = TestState.StateOf(
            Build.Map([Build.Node("adc-1", NodeIntent.Draining), Build.Node("adc-2"), Build.Node("adc-3")], [Build.Unplaced(1) with { Since = 1 }]));
        var observed = TestState.AllHeard(state, Now).With(new NodeName("adc-2"), n => n with { SaidGoodbye = true });
        Recovery.Recover(state, observed, Now).Single().ShouldBeOfType<FleetEvent.VipsMoved>().Moves.Single().To.ShouldBe(new NodeName("adc-3"));
    }

    [Fact]
    public void Standby_that_the_leader_does_not_hear_is_given_nothing()
    {
        var state = Lost("adc-1", Build.Serving(1, "adc-1", standbys: "adc-2"));
        var observed = TestState.AllHeard(state, Now).With(new NodeName("adc-2"), n => n with { LeaseExpiryProof = LeaseExpiryProof.Open(Now) });
        Recovery.Recover(state, observed, Now).Single().ShouldBeOfType<FleetEvent.VipsMoved>().Moves.Single().To.ShouldBe(new NodeName("adc-3"));
    }

    [Fact]
    public void Standby_that_could_not_hold_vips_of_the_service_is_the_last_resort()
    {
        var state = Lost("adc-1", Build.Serving(1, "adc-1", standbys: "adc-2"), Build.Serving(2, "adc-3"));
        var observed = UnheldVipsTests.Failing(TestState.AllHeard(state, Now), new NodeName("adc-2"));
        To(observed).ShouldBe(new NodeName("adc-4"));
        observed = UnheldVipsTests.Failing(UnheldVipsTests.Failing(observed, new NodeName("adc-3")), new NodeName("adc-4"));
        To(observed).ShouldBe(new NodeName("adc-2"));

        NodeName To(Observed seen) => Recovery.Recover(state, seen, Now).Single().ShouldBeOfType<FleetEvent.VipsMoved>().Moves.Single().To;
    }

    [Fact]
    public void Service_of_which_the_smallest_part_is_served_is_recovered_first()
    {
        var state = Lost(
            "adc-1",
            Build.Serving(1, "adc-1", "a", "adc-2"), Build.Serving(2, "adc-2", "a"), Build.Serving(3, "adc-2", "a"),
            Build.Serving(4, "adc-1", "b", "adc-2"), Build.Serving(5, "adc-2", "b"),
            Build.Serving(6, "adc-1", "c", "adc-2"));
        Recovery.Recover(state, TestState.AllHeard(state, Now), Now).OfType<FleetEvent.VipsMoved>().Single().Moves.Select(m => m.Vip)
            .ShouldBe([Build.Vip(6), Build.Vip(4), Build.Vip(1)]);
    }

    [Fact]
    public void Fleet_that_forms_waits_until_no_node_has_come_for_a_second_but_not_for_ever()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(2), [Build.Unplaced(1)]));
        Observed Heard(double first, double second) => TestState.AllHeard(state, Now)
            .With(new NodeName("adc-1"), n => n with { FirstHeard = Now - TimeSpan.FromMilliseconds(first) })
            .With(new NodeName("adc-2"), n => n with { FirstHeard = Now - TimeSpan.FromMilliseconds(second) });
        Recovery.Recover(state, Heard(2000, 900), Now).ShouldBeEmpty();
        Recovery.Recover(state, Heard(2000, 1000), Now).ShouldHaveSingleItem();
        Recovery.Recover(state, Heard(4000, 10), Now).ShouldHaveSingleItem();
    }

    private static FleetState Lost(string node, params VipEntry[] vips) =>
        Evolver.Evolve(TestState.StateOf(Build.Map(Build.Nodes(4), vips)), new FleetEvent.NodeLost(new NodeName(node), "test"), 2);

    private static VipMove[] Moves(FleetState state) =>
        [.. Recovery.Recover(state, TestState.AllHeard(state, Now), Now).OfType<FleetEvent.VipsMoved>().SelectMany(e => e.Moves).OrderBy(m => m.Vip)];
}
