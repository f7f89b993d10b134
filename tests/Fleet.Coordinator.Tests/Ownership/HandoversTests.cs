using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Ownership;

/// <summary>VIP 1 goes from adc-1 to adc-2 by plan; its phase began at revision 5.</summary>
public sealed class HandoversTests
{
    private static readonly Instant Now = Build.At(60_000);
    private static readonly VipAddress Vip = Build.Vip(1);

    [Fact]
    public void Quiet_vip_is_let_go_of_once_every_node_stopped_answering_it_and_no_connection_is_left()
    {
        var state = At(VipPhase.Draining);
        var all = TestState.AllHeard(state, Now, applied: 5).QuietSince(Vip, Now - TimeSpan.FromMilliseconds(250));
        Advance(state, all).ShouldBeOfType<FleetEvent.VipsReleasing>().Vips.ShouldBe([Vip]);
        Advance(state, all.QuietSince(Vip, Now - TimeSpan.FromMilliseconds(249))).ShouldBeNull();
        Advance(state, all.Applied("adc-3", 4)).ShouldBeNull();
        Advance(state, Busy(all)).ShouldBeNull();
    }

    [Fact]
    public void Quiet_vip_is_let_go_of_when_patience_is_at_its_end_whoever_is_busy()
    {
        var state = At(VipPhase.Draining);
        var busy = Busy(TestState.AllHeard(state, Now, applied: 4)).QuietSince(Vip, Now - TimeSpan.FromSeconds(5));
        Advance(state, busy).ShouldBeOfType<FleetEvent.VipsReleasing>();
    }

    [Fact]
    public void Releasing_vip_goes_to_its_heir_when_its_owner_has_done_so_and_not_before()
    {
        var state = At(VipPhase.Releasing);
        var observed = TestState.AllHeard(state, Now, applied: 5);
        Advance(state, observed.Applied("adc-1", 4)).ShouldBeNull();
        Advance(state, observed).ShouldBeOfType<FleetEvent.VipsMoved>().Moves.ShouldBe([new VipMove(Vip, new NodeName("adc-2"), MoveReason.Balance)]);
    }

    [Fact]
    public void What_its_owner_said_before_it_was_told_to_let_go_is_not_that_it_has()
    {
        var state = Evolver.Evolve(At(VipPhase.Draining), new FleetEvent.VipsReleasing([Vip]), 7);
        Advance(state, TestState.AllHeard(state, Now, applied: 6)).ShouldBeNull();
        Advance(state, TestState.AllHeard(state, Now, applied: 7)).ShouldBeOfType<FleetEvent.VipsMoved>();
    }

    [Fact]
    public void Vip_stays_when_its_heir_is_gone_before_it_was_let_go_of()
    {
        var state = At(VipPhase.Draining, successor: NodePresence.Down);
        Advance(state, TestState.AllHeard(state, Now)).ShouldBeOfType<FleetEvent.HandoversCalledOff>().Vips.ShouldBe([Vip]);
    }

    [Fact]
    public void Vip_stays_while_its_heir_misses_heartbeats_or_has_no_link()
    {
        var state = At(VipPhase.Draining);
        var drained = TestState.AllHeard(state, Now, applied: 5).QuietSince(Vip, Now - TimeSpan.FromSeconds(1));
        Advance(
            state, Successor(drained, n => n with { LastHeard = Now - TimeSpan.FromMilliseconds(199) })).ShouldBeOfType<FleetEvent.VipsReleasing>();
        Advance(state, Successor(drained, n => n with { LastHeard = Now - TimeSpan.FromMilliseconds(200) })).ShouldBeNull();
        Advance(state, Successor(drained, n => n with { Connection = null })).ShouldBeNull();
    }

    [Fact]
    public void Vip_that_was_let_go_of_and_has_no_heir_any_more_is_nobodys()
    {
        var state = At(VipPhase.Releasing, successor: NodePresence.Down);
        Advance(state, TestState.AllHeard(state, Now, applied: 4)).ShouldBeNull();
        Advance(state, TestState.AllHeard(state, Now, applied: 5)).ShouldBeOfType<FleetEvent.VipsUnplaced>().Vips.ShouldBe([Vip]);
    }

    private static FleetEvent? Advance(FleetState state, Observed observed) => Handovers.Advance(state, observed, Now).SingleOrDefault();

    private static Observed Successor(Observed observed, Func<NodeObserved, NodeObserved> change) => observed.With(new NodeName("adc-2"), change);

    private static Observed Busy(Observed observed) => observed.With(new NodeName("adc-1"), n => n with { Busy = n.Busy.SetItem(Vip, 3) });

    private static FleetState At(VipPhase phase, NodePresence successor = NodePresence.Up) => TestState.StateOf(Build.Map(
        [Build.Node("adc-1"), Build.Node("adc-2", presence: successor), Build.Node("adc-3")],
        [Build.Serving(1, "adc-1") with { Phase = phase, Successor = new NodeName("adc-2"), Reason = MoveReason.Balance, Since = 5 }]));
}
