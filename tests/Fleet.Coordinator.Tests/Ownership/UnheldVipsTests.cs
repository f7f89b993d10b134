using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Ownership;

/// <summary>VIP 1 is with adc-1 since revision 5, and adc-2 stands by for it; adc-1 says that it cannot hold it.</summary>
public sealed class UnheldVipsTests
{
    private static readonly Instant Now = Build.At(60_000);
    private static readonly VipAddress Vip = Build.Vip(1);
    private static readonly ServiceName Web = new("web");
    private static readonly NodeName Two = new("adc-2");
    private static readonly NodeName Three = new("adc-3");

    [Fact]
    public void Vip_that_its_owner_has_missed_for_half_a_second_is_served_no_more_and_that_is_said_once()
    {
        var state = At(VipPhase.Serving);
        MoveOn(state, Missed(state, 499)).ShouldBeNull();
        var happened = MoveOn(state, Missed(state, 500)).ShouldBeOfType<FleetEvent.VipsNotServed>();
        happened.Vips.ShouldBe([Vip]);
        var after = Evolver.Evolve(state, happened, 6);
        after.Map.Vips[Vip].ShouldSatisfyAllConditions(
            vip => vip.Phase.ShouldBe(VipPhase.Arriving), vip => vip.Owner.ShouldBe(new NodeName("adc-1")), vip => vip.Since.ShouldBe(6));
        after.Vips.Unsettled.Keys.ShouldBe([Vip]);
        MoveOn(after, Missed(after, 900, applied: 6)).ShouldBeNull();
        Arrivals.Confirm(after, Missed(after, 900, applied: 6), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Report_by_an_older_map_says_nothing_of_it()
    {
        var state = At(VipPhase.Serving);
        MoveOn(state, Missed(state, 700, applied: 4)).ShouldBeNull();
        var arriving = At(VipPhase.Arriving);
        MoveOn(arriving, Missed(arriving, 5000, applied: 4)).ShouldBeNull();
    }

    [Fact]
    public void Owner_that_is_not_heard_now_may_hold_it_by_now()
    {
        var state = At(VipPhase.Serving);
        MoveOn(
            state, Missed(state, 700).With(new NodeName("adc-1"), n => n with { LastHeard = Now - TimeSpan.FromMilliseconds(200) })).ShouldBeNull();
    }

    [Fact]
    public void After_a_second_it_is_handed_over_to_its_standby()
    {
        var state = At(VipPhase.Arriving);
        MoveOn(state, Missed(state, 999)).ShouldBeNull();
        MoveOn(state, Missed(state, 1000))
            .ShouldBeOfType<FleetEvent.HandoversBegun>().Moves
            .ShouldBe([new VipMove(Vip, Two, MoveReason.OwnerCannotHold)]);
    }

    [Fact]
    public void Standby_that_is_not_there_or_fails_too_is_passed_over()
    {
        var state = At(VipPhase.Arriving);
        var missed = Missed(state, 1000);
        Successor(MoveOn(state, missed.With(Two, n => n with { Connection = null }))).ShouldBe(Three);
        Successor(MoveOn(state, missed.With(Two, n => n with { LastHeard = Now - TimeSpan.FromMilliseconds(200) }))).ShouldBe(Three);
        Successor(MoveOn(state, Failing(missed, Two))).ShouldBe(Three);
        Successor(MoveOn(state, Failing(missed, Two, new ServiceName("api")))).ShouldBe(Two, "it fails at something else");
    }

    [Fact]
    public void Where_all_others_fail_too_it_stays_unless_its_owner_has_to_go()
    {
        var state = At(VipPhase.Arriving);
        MoveOn(state, Failing(Failing(Missed(state, 5000), Two), Three)).ShouldBeNull();
        var leaving = At(VipPhase.Arriving, NodeIntent.Leaving);
        Successor(MoveOn(leaving, Failing(Failing(Missed(leaving, 5000), Two), Three))).ShouldBe(Two);
    }

    [Fact]
    public void Many_are_spread_over_those_that_have_room()
    {
        var state = TestState.StateOf(
            Build.Map(
                Build.Nodes(3), [.. Enumerable.Range(1, 4).Select(i => Build.Serving(i, "adc-1") with { Phase = VipPhase.Arriving, Since = 5 })]));
        var since = Build.Vips(4).ToImmutableSortedDictionary(vip => vip, _ => Now - TimeSpan.FromSeconds(2));
        var observed = TestState
            .AllHeard(state, Now, applied: 5)
            .With(new NodeName("adc-1"), n => n with { Missing = Build.Vips(4), MissingSince = since });
        MoveOn(state, observed)
            .ShouldBeOfType<FleetEvent.HandoversBegun>().Moves
            .GroupBy(m => m.To)
            .Select(m => (m.Key, m.Count()))
            .ShouldBe([(Two, 2), (Three, 2)]);
    }

    [Fact]
    public void One_on_its_way_gets_another_heir_where_its_own_cannot_take_it_and_goes_on_otherwise()
    {
        var state = At(VipPhase.Draining, successor: Two);
        MoveOn(state, Missed(state, 1000)).ShouldBeNull();
        Successor(MoveOn(state, Failing(Missed(state, 1000), Two))).ShouldBe(Three);
        MoveOn(
            state,
            Failing(
                Failing(Missed(state, 1000), Two),
                Three)).ShouldBeOfType<FleetEvent.VipsNotServed>("there is no successor any more, and nobody serves it");
    }

    [Fact]
    public void It_is_let_go_of_at_once_for_nobody_is_served_there()
    {
        var state = At(VipPhase.Draining, successor: Two);
        var observed = Missed(state, 1000).QuietSince(Vip, Now);
        Handovers.Advance(state, observed, Now).ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.VipsReleasing>();
        Handovers.Advance(state, Missed(state, 1000, applied: 4).QuietSince(Vip, Now), Now).ShouldBeEmpty("its owner does not know yet");
        Handovers.Advance(state, observed.With(new NodeName("adc-1"), n => n with { Busy = n.Busy.SetItem(Vip, 1) }), Now)
            .ShouldBeEmpty("a part of it is held, and in use");
    }

    [Fact]
    public void Vip_that_is_served_stays_when_its_heir_turns_out_to_fail()
    {
        var state = At(VipPhase.Draining, successor: Two);
        Handovers
            .Advance(state, Failing(TestState.AllHeard(state, Now, applied: 5), Two).QuietSince(Vip, Now), Now)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<FleetEvent.HandoversCalledOff>();
    }

    [Fact]
    public void Whole_settlement_says_it_and_then_begins_and_goes_on_step_by_step()
    {
        var state = At(VipPhase.Serving);
        Kinds(Reconciler.Reconcile(state, Missed(state, 500), Now)).ShouldContain(nameof(FleetEvent.VipsNotServed));
        var arriving = At(VipPhase.Arriving);
        Kinds(Reconciler.Reconcile(arriving, Missed(arriving, 1000), Now)).ShouldContain(nameof(FleetEvent.HandoversBegun));
    }

    internal static Observed Failing(Observed observed, NodeName node, ServiceName? service = null, int times = 1) => observed.With(
        node,
        n =>
            n
                with
            {
                Failures = n.Failures.SetItem(service ?? Web, new HoldFailure(times, Now - TimeSpan.FromSeconds(9), Lasts: false, IsOver: false)),
            });

    private static IEnumerable<string> Kinds(IEnumerable<FleetEvent> events) => events.Select(happened => happened.GetType().Name);

    private static NodeName Successor(FleetEvent? happened) => happened.ShouldBeOfType<FleetEvent.HandoversBegun>().Moves.Single().To;

    private static FleetEvent? MoveOn(FleetState state, Observed observed) => UnheldVips.MoveOn(state, observed, Now).SingleOrDefault();

    private static Observed Missed(FleetState state, double forMs, long applied = 5) => TestState.AllHeard(state, Now, applied).With(
        new NodeName("adc-1"),
        n => n with { Missing = [Vip], MissingSince = n.MissingSince.Add(Vip, Now - TimeSpan.FromMilliseconds(forMs)) });

    private static FleetState At(VipPhase phase, NodeIntent intent = NodeIntent.Active, NodeName? successor = null) => TestState.StateOf(Build.Map(
        [Build.Node("adc-1", intent), Build.Node("adc-2"), Build.Node("adc-3")],
        [Build.Serving(1, "adc-1", standbys: "adc-2") with { Phase = phase, Successor = successor, Since = 5 }]));
}
