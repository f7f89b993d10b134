using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Ownership;

/// <summary>VIP 1 was given to adc-1 with revision 5.</summary>
public sealed class ArrivalsTests
{
    private static readonly NodeName One = new("adc-1");
    private static readonly Instant Now = Build.At(60_000);
    private static readonly FleetState State = TestState.StateOf(
        Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1") with { Phase = VipPhase.Arriving, Since = 5 }]));

    [Fact]
    public void Vip_is_served_once_its_owner_works_by_the_map_that_gave_it()
    {
        Confirm(State, TestState.AllHeard(State, Now, applied: 4)).ShouldBeNull();
        Confirm(State, TestState.AllHeard(State, Now, applied: 5)).ShouldNotBeNull().Vips.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Owner_that_knows_the_map_and_has_not_carried_it_out_does_not_serve_it_yet() =>
        Confirm(State, TestState.AllHeard(State, Now, applied: 4).With(One, n => n with { Known = new MapVersion(1, 5) })).ShouldBeNull();

    [Fact]
    public void Vip_that_its_owner_could_not_take_is_not_served() =>
        Confirm(State, TestState.AllHeard(State, Now, applied: 5).With(One, n => n with { Missing = [Build.Vip(1)] })).ShouldBeNull();

    [Fact]
    public void Vip_that_has_just_changed_hands_is_not_served_by_what_its_new_owner_said_before()
    {
        var served = TestState.StateOf(
            Build.Map([Build.Node("adc-1"), Build.Node("adc-2", presence: NodePresence.Down)], [Build.Serving(1, "adc-2")]));
        var moved = Evolver.Evolve(served, new FleetEvent.VipsMoved([new VipMove(Build.Vip(1), One, MoveReason.OwnerLost)]), 7);
        Confirm(moved, TestState.AllHeard(moved, Now, applied: 6)).ShouldBeNull();
        Confirm(moved, TestState.AllHeard(moved, Now, applied: 7)).ShouldNotBeNull();
    }

    [Fact]
    public void Agent_that_was_started_anew_holds_nothing_until_it_says_so()
    {
        var roster = new Roster(Build.At(0));
        roster.Join(One, 1, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None), Build.At(1));
        roster.Beat(One, Beat(applied: 5), State.Map, Build.At(100));
        Confirm(State, roster.Observed).ShouldNotBeNull();
        roster.Join(One, 2, Build.By, new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.Second, new MapVersion(1, 5)), Build.At(200));
        Confirm(State, roster.Observed).ShouldBeNull();
    }

    private static NodeMessage.Heartbeat Beat(long applied) =>
        new(
            1,
            new MapVersion(1, applied),
            [],
            ImmutableSortedDictionary<VipAddress, int>.Empty,
            ImmutableSortedDictionary<BackendKey, Verdict>.Empty);

    private static FleetEvent.VipsServing? Confirm(FleetState state, Observed observed) =>
        Arrivals.Confirm(state, observed, Now).Cast<FleetEvent.VipsServing>().SingleOrDefault();
}
