using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

/// <summary>Heartbeats of 100 ms. Node adc-1 owns VIP 1; the leader's first question about it is asked at 1,000 ms.</summary>
public sealed class SuspicionRuleTests
{
    private static readonly NodeName One = new("adc-1");
    private static readonly Instant Asked = Build.At(1000);
    private static readonly FleetState State = TestState.StateOf(Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1", standbys: "adc-2")]));

    [Fact]
    public void Node_that_could_not_be_proven_lost_for_a_heartbeat_is_silent_and_keeps_its_vips()
    {
        FindSuspected(State, Suspected(), 1099.9).ShouldBeNull();
        var silent = FindSuspected(State, Suspected(), 1100).ShouldBeOfType<FleetEvent.NodesSuspected>();
        silent.Nodes.ShouldBe([One]);
        var after = Evolver.Evolve(State, silent, 2);
        after.Map.Nodes[One].Suspected.ShouldBeTrue();
        after.Map.Vips.ShouldBeSameAs(State.Map.Vips);
        FindSuspected(after, Suspected(), 1150).ShouldBeNull("it has been said");
    }

    [Fact]
    public void Later_questions_do_not_begin_the_wait_anew()
    {
        var again = Suspected().With(One, n => n with { LeaseExpiryProof = n.LeaseExpiryProof!.AskAgain(Build.At(1096)) });
        FindSuspected(State, again, 1100).ShouldBeOfType<FleetEvent.NodesSuspected>();
    }

    [Fact]
    public void Node_that_is_lost_is_not_silent_too_and_is_not_when_it_comes_back()
    {
        var lost = Evolver.Evolve(State, new FleetEvent.NodeLost(One, "test"), 2);
        FindSuspected(lost, Suspected(), 1100).ShouldBeNull();
        var silent = Evolver.Evolve(State, new FleetEvent.NodesSuspected([One]), 2);
        Evolver.Evolve(silent, new FleetEvent.NodeLost(One, "test"), 3).Map.Nodes[One].Suspected.ShouldBeFalse();
    }

    [Fact]
    public void Silent_node_is_heard_as_soon_as_it_speaks_and_knows_that_it_was_silent()
    {
        var silent = Evolver.Evolve(State, new FleetEvent.NodesSuspected([One]), 2);
        var speaks = Suspected().With(One, n => n with { LastHeard = Build.At(1200), LeaseExpiryProof = null, SuspectedAt = 2 });
        FindSuspected(silent, speaks, 1200).ShouldBeNull("heartbeats that waited in a queue while the way was cut");
        FindSuspected(silent, speaks.Applied("adc-1", 2), 1200).ShouldBeOfType<FleetEvent.NodesCleared>().Nodes.ShouldBe([One]);
    }

    [Fact]
    public void Leader_that_has_just_begun_or_was_stopped_gives_nodes_three_seconds_to_find_it()
    {
        var woken = Suspected() with { Awake = Build.At(900) };
        FindSuspected(State, woken, 3899.9).ShouldBeNull();
        FindSuspected(State, woken, 3900).ShouldBeOfType<FleetEvent.NodesSuspected>();
    }

    [Fact]
    public void Leader_knows_that_it_was_stopped_by_the_time_between_two_steps()
    {
        var leader = new Leader(1, State, Build.At(0));
        leader.Observed.Awake.ShouldBe(Build.At(0));
        leader.Step(new LeaderInput.Tick(), Build.At(450), DateTimeOffset.UnixEpoch);
        leader.Observed.Awake.ShouldBe(Build.At(0));
        leader.Step(new LeaderInput.Tick(), Build.At(901), DateTimeOffset.UnixEpoch);
        leader.Observed.Awake.ShouldBe(Build.At(901));
    }

    [Fact]
    public void Node_that_was_silent_for_the_leader_before_stays_so_until_this_one_has_heard_it()
    {
        var silent = Evolver.Evolve(State, new FleetEvent.NodesSuspected([One]), 2);
        SuspicionRule.FindSuspected(silent, new Observed { Began = Asked }, Asked).ShouldBeEmpty("it is taken for alive, and has not been heard");
    }

    private static FleetEvent? FindSuspected(FleetState state, Observed observed, double ms) =>
        SuspicionRule.FindSuspected(state, observed, Build.At(ms)).SingleOrDefault();

    private static Observed Suspected() => (TestState.AllHeard(State, Build.At(1100)) with { Awake = Build.At(-60_000) })
        .With(One, n => n with { LastHeard = Build.At(550), FirstHeard = Build.At(0), LeaseExpiryProof = LeaseExpiryProof.Open(Asked) });
}
