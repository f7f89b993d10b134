using System.Collections.Immutable;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

/// <summary>VIP 1 arrives at adc-1 with revision 5, at 1,000 ms; heartbeats of 100 ms, lease and margin of 450 ms.</summary>
public sealed class FenceRuleTests
{
    private static readonly NodeName One = new("adc-1");
    private static readonly FleetState State = StateWith(VipPhase.Arriving);

    [Fact]
    public void Node_that_is_heard_two_and_a_half_heartbeats_later_without_the_map_is_deaf()
    {
        FenceRule.Due(State, Heard(1249, known: 4), Build.At(1249)).ShouldBeEmpty();
        FenceRule.Due(State, Heard(1250, known: 4), Build.At(1250)).ShouldBe([(One, 5L)]);
        FenceRule.Due(State, Heard(1250, known: 5), Build.At(1250)).ShouldBeEmpty("it knows, and takes its time");
    }

    [Fact]
    public void Far_node_gets_two_round_trips_more()
    {
        var far = Heard(1449, known: 4, roundTripMs: 100);
        FenceRule.Due(State, far, Build.At(1449)).ShouldBeEmpty();
        FenceRule.Due(State, Heard(1450, known: 4, roundTripMs: 100), Build.At(1450)).ShouldNotBeEmpty();
    }

    [Fact]
    public void Node_that_waits_for_a_whole_map_or_has_only_just_been_sent_one_is_not_deaf()
    {
        FenceRule.Due(State, Heard(2000, known: 0, fedAt: null), Build.At(2000)).ShouldBeEmpty();
        FenceRule.Due(State, Heard(2999, known: 0, fedAt: 1000), Build.At(2999)).ShouldBeEmpty();
        FenceRule.Due(State, Heard(3000, known: 0, fedAt: 1000), Build.At(3000)).ShouldNotBeEmpty();
    }

    [Fact]
    public void Node_that_is_not_heard_is_fenced_for_what_it_may_not_know_of_and_for_what_it_may_have_let_go()
    {
        FenceRule.Due(State, Heard(1000, known: 4), Build.At(1450)).ShouldNotBeEmpty();
        FenceRule.Due(State, Heard(1000, known: 5), Build.At(1450)).ShouldBeEmpty("it knows the map, so it serves the VIP");
        FenceRule.Due(StateWith(VipPhase.Releasing), Heard(1000, known: 5), Build.At(1450)).ShouldNotBeEmpty("has it let go?");
        FenceRule.Due(StateWith(VipPhase.Serving), Heard(1000, known: 1), Build.At(1450)).ShouldBeEmpty();
        FenceRule.Due(StateWith(VipPhase.Releasing), Heard(1400, known: 4), Build.At(1450)).ShouldBeEmpty("it serves it still");
    }

    [Fact]
    public void Vip_that_waits_for_who_held_it_before_fences_that_node_when_it_is_not_heard()
    {
        var state = StateWith(VipPhase.Serving, "adc-2") with { UnreleasedVips = State.UnreleasedVips.Add(Build.Vip(1), new UnreleasedVip(One, 4)) };
        FenceRule.Due(state, Heard(1000, known: 1), Build.At(1450)).ShouldBe([(One, 4L)]);
        FenceRule.Due(state, Heard(1400, known: 1), Build.At(1450)).ShouldBeEmpty();
    }

    [Fact]
    public void Leader_that_was_stopped_gives_nodes_time_to_find_it_and_nobody_is_fenced_without_witnesses_to_prove_it()
    {
        var woken = Heard(1000, known: 4) with { Awake = Build.At(1440) };
        FenceRule.Due(State, woken, Build.At(1450)).ShouldBeEmpty();
        FenceRule.Due(State, woken, Build.At(4440)).ShouldNotBeEmpty();
        FenceRule.Due(State with { WitnessSets = State.WitnessSets.SetItem(One, [new WitnessSet(1, [])]) }, Heard(1000, known: 4), Build.At(1450))
            .ShouldBeEmpty();
    }

    private static FleetState StateWith(VipPhase phase, string owner = "adc-1") =>
        TestState.StateOf(Build.Map(Build.Nodes(4), [Build.Serving(1, owner) with { Phase = phase, Since = 5 }])) with
        {
            WitnessSets = ImmutableSortedDictionary<NodeName, ImmutableArray<WitnessSet>>.Empty.Add(
            One, [new WitnessSet(1, [new("adc-2"), new("adc-3"), new("adc-4")])]),
        };

    private static Observed Heard(double atMs, long known, double roundTripMs = 0, double? fedAt = -10_000) =>
        (TestState.AllHeard(State, Build.At(atMs)) with { Awake = Build.At(-60_000) })
            .QuietSince(Build.Vip(1), Build.At(1000))
            .With(One, n => n with
            {
                FirstHeard = Build.At(-10_000),
                Known = new MapVersion(1, known),
                FedAt = fedAt is { } at ? Build.At(at) : null,
                LinkRoundTrip = TimeSpan.FromMilliseconds(roundTripMs),
            });
}
