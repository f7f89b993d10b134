using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

/// <summary>The lease is shortened from 400 + 50 to 200 + 25 ms at revision 5.</summary>
public sealed class LeaseChangeTests
{
    private static readonly Instant Now = Build.At(60_000);

    private static FleetState Shortened => Evolver.Evolve(
        TestState.StateOf(Build.Map(Build.Nodes(2))), new FleetEvent.PolicySet(FleetPolicy.Default with { Lease = new LeaseTerms(50, 200, 25) }), 5);

    [Fact]
    public void Silence_is_judged_by_the_longest_lease_that_a_node_may_go_by()
    {
        Shortened.LongestLease.DurationAndMargin.ShouldBe(TimeSpan.FromMilliseconds(450));
        var silent = TestState.AllHeard(Shortened, Now).SilentSince("adc-1", Now - TimeSpan.FromMilliseconds(300));
        Decider.Decide(Shortened, silent, new Command.DeclareDown(new NodeName("adc-1")), Now).ShouldBeOfType<Decision.Refused>();
    }

    [Fact]
    public void Node_that_may_go_by_the_longer_lease_is_not_lost_when_the_shorter_is_over()
    {
        var state = Shortened with { WitnessSets = Shortened.WitnessSets.Add(new NodeName("adc-1"), [new WitnessSet(1, [new NodeName("adc-2")])]) };
        Lost(state, 300).ShouldBeEmpty();
        Lost(state, 450).ShouldHaveSingleItem();
    }

    [Fact]
    public void Old_terms_are_gone_when_every_node_that_is_up_works_by_the_new_ones()
    {
        var some = TestState.AllHeard(Shortened, Now, applied: 5).Applied("adc-2", 4);
        LeaseChange.Confirm(Shortened, some, Now).ShouldBeEmpty();
        var gone = LeaseChange.Confirm(Shortened, some.Applied("adc-2", 5), Now).ShouldHaveSingleItem();
        Evolver.Evolve(Shortened, gone, 6).LongestLease.ShouldBe(new LeaseTerms(50, 200, 25));

        var lost = Evolver.Evolve(Shortened, new FleetEvent.NodeLost(new NodeName("adc-2"), "test"), 6);
        LeaseChange.Confirm(lost, some, Now).ShouldHaveSingleItem();
    }

    [Fact]
    public void Policy_with_the_same_lease_leaves_nothing_behind() =>
        Evolver.Evolve(TestState.StateOf(Build.Map(Build.Nodes(2))), new FleetEvent.PolicySet(BuildPolicy.Protecting(2)), 5).OldTerms.ShouldBeEmpty();

    /// <summary>Node adc-1 has been silent for so long, and its witness has never vouched for it.</summary>
    private static IEnumerable<FleetEvent> Lost(FleetState state, double silentMs)
    {
        var asked = LeaseExpiryProof.Open(Now).Hear(new NodeName("adc-2"), Now, TimeSpan.FromHours(1), Now) with { ProvenAt = Now };
        var seen = TestState
            .AllHeard(state, Now)
            .With(new NodeName("adc-1"), n => n with { LastHeard = Now - TimeSpan.FromMilliseconds(silentMs), LeaseExpiryProof = asked });
        return LivenessRule.FindLost(state, seen, Now);
    }
}
