using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

/// <summary>Node adc-1 was last heard at 1,000 ms; the question is asked at 1,450 ms, lease (400) and margin (50) later.</summary>
public sealed class LivenessRuleTests
{
    private static readonly LeaseTerms Lease = LeaseTerms.Default;
    private static readonly Instant Asked = Build.At(1450);
    private static readonly ImmutableArray<WitnessSet> Three = [new WitnessSet(1, [.. Names("adc-2", "adc-3", "adc-4")])];

    [Theory]
    [InlineData(449.9, false)]
    [InlineData(450, true)]
    public void Node_is_suspect_after_lease_and_margin(double silentMs, bool suspect) =>
        LivenessRule.IsOverdue(new NodeObserved { LastHeard = Build.At(1000) }, Lease, Build.At(1000 + silentMs)).ShouldBe(suspect);

    [Fact]
    public void Silence_alone_is_no_loss() => IsLost(LeaseExpiryProof.Open(Asked)).ShouldBeFalse();

    [Fact]
    public void Denying_quorum_of_the_witnesses_is_a_loss() => IsLost(Denied("adc-2", "adc-4")).ShouldBeTrue();

    [Fact]
    public void One_denial_of_three_is_no_loss() => IsLost(Denied("adc-2")).ShouldBeFalse();

    [Fact]
    public void Witness_that_heard_it_within_lease_and_margin_before_the_question_denies_nothing() =>
        IsLost(Answer(Denied("adc-2"), "adc-3", Asked, 449, Asked)).ShouldBeFalse();

    [Fact]
    public void Answer_speaks_of_the_time_before_the_question_however_late_it_comes()
    {
        // Silent for 460 ms when it answered 20 ms after the question: it may have vouched 10 ms too late for a proof.
        var late = Asked + TimeSpan.FromMilliseconds(20);
        IsLost(Answer(Denied("adc-2"), "adc-3", Asked, 460, late)).ShouldBeFalse();
        IsLost(Answer(Denied("adc-2"), "adc-3", Asked, 470, late)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(400)]
    public void Answers_that_take_longer_than_the_pause_between_two_questions_prove_it_all_the_same(double takesMs)
    {
        // Every 5 ms a question, long before the first answer is there; the witnesses last vouched at 1,040 ms.
        var proof = LeaseExpiryProof.Open(Asked);
        for (var asked = 0.0; asked <= 100; asked += 5)
        {
            proof = proof.AskAgain(Asked + TimeSpan.FromMilliseconds(asked));
            foreach (var witness in new[] { "adc-2", "adc-3" })
                proof = Answer(proof, witness, proof.AskedAt, 410 + asked + takesMs, proof.AskedAt + TimeSpan.FromMilliseconds(takesMs));
        }

        IsLost(proof).ShouldBeTrue();
    }

    [Fact]
    public void Witnesses_that_deny_it_for_moments_that_never_meet_prove_nothing()
    {
        // One did not vouch up to 1,450 ms and was not asked later; the other vouched at 1,010 ms.
        var proof = Answer(Denied("adc-2"), "adc-3", Build.At(1500), 490, Build.At(1500));
        IsLost(proof).ShouldBeFalse();
        IsLost(Answer(proof, "adc-2", Build.At(1500), 600, Build.At(1500))).ShouldBeTrue();
    }

    [Fact]
    public void Answer_to_an_older_question_that_comes_after_a_newer_one_says_nothing_new()
    {
        var newer = Answer(Denied("adc-2"), "adc-3", Build.At(1460), 10, Build.At(1462));
        Answer(newer, "adc-3", Asked, 460, Build.At(1463)).Answers.ShouldBe(newer.Answers);
    }

    [Fact]
    public void Question_asked_too_early_proves_nothing()
    {
        var early = new[] { "adc-2", "adc-3", "adc-4" }.Aggregate(
            LeaseExpiryProof.Open(Build.At(1449)), (i, w) => Answer(i, w, Build.At(1449), 10_000, Build.At(1449)));
        IsLost(early).ShouldBeFalse();
    }

    [Fact]
    public void Every_set_it_may_be_renewing_by_must_deny_also_one_that_was_named_since()
    {
        ImmutableArray<WitnessSet> both = [.. Three, new WitnessSet(7, [.. Names("adc-2", "adc-5", "adc-6")])];
        IsLost(Denied("adc-2", "adc-3"), both).ShouldBeFalse();
        IsLost(Denied("adc-2", "adc-5"), both).ShouldBeFalse("it may not know the new ones yet");
        IsLost(Denied("adc-2", "adc-3", "adc-5"), both).ShouldBeTrue();
    }

    [Fact]
    public void Node_without_witnesses_renews_its_lease_by_itself_and_is_never_lost_by_silence()
    {
        ImmutableArray<WitnessSet> nobody = [new WitnessSet(1, [])];
        IsLost(Denied("adc-2", "adc-3", "adc-4"), nobody).ShouldBeFalse();
    }

    [Fact]
    public void Fenced_node_is_lost_when_its_lease_has_run_out_though_it_is_heard()
    {
        var node = new NodeObserved { LastHeard = Build.At(1449), Fence = new Fence(Build.At(1000), 9), LeaseExpiryProof = Denied("adc-2", "adc-3") };
        LivenessRule.IsLost(node, Three, Lease).ShouldBeTrue();
        LivenessRule.IsLost(node with { Fence = new Fence(Build.At(1001), 9) }, Three, Lease).ShouldBeFalse();
        LivenessRule.IsLost(node with { Fence = null }, Three, Lease).ShouldBeFalse();
    }

    [Fact]
    public void First_of_several_that_fail_waits_a_heartbeat_for_the_others_and_one_that_fails_alone_does_not()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(6))) with { WitnessSets = Sets("adc-1", "adc-2") };
        var alone = Failing(TestState.AllHeard(state, Asked), "adc-1", provenAt: 1450);
        Lost(state, alone, 1450).ShouldBe(["adc-1"]);

        var both = alone.With(new NodeName("adc-2"), n => n with { LastHeard = Build.At(1080), FirstHeard = Build.At(0) });
        Lost(state, both, 1450).ShouldBeEmpty();
        Lost(state, both, 1549).ShouldBeEmpty();
        Lost(state, both, 1550).ShouldBe(["adc-1"]);
        Lost(state, Failing(both, "adc-2", provenAt: 1530), 1530).ShouldBe(["adc-1", "adc-2"]);
        Lost(state, both.With(new NodeName("adc-2"), n => n with { LastHeard = Build.At(1490) }), 1500).ShouldBe(["adc-1"]);
    }

    [Fact]
    public void Node_that_said_goodbye_and_holds_nothing_is_down_at_once_unless_a_vip_it_held_is_only_gone_from_the_map()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(2)));
        var gone = TestState.AllHeard(state, Asked).With(new NodeName("adc-1"), n => n with { SaidGoodbye = true, Connection = null });
        LivenessRule.FindLost(state, gone, Asked).ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.NodeLost>().Node.ShouldBe(new NodeName("adc-1"));

        var there = gone.With(new NodeName("adc-1"), n => n with { Connection = 1 });
        LivenessRule.FindLost(state, there, Asked).ShouldBeEmpty("its agent is there, and says itself when it is done");

        var holding = state with { UnreleasedVips = state.UnreleasedVips.Add(Build.Vip(1), new UnreleasedVip(new NodeName("adc-1"), 1)) };
        LivenessRule.FindLost(holding, gone, Asked).ShouldBeEmpty();
    }

    private static IEnumerable<string> Lost(FleetState state, Observed observed, double ms) =>
        LivenessRule.FindLost(state, observed, Build.At(ms)).Cast<FleetEvent.NodeLost>().Select(e => e.Node.Value);

    private static Observed Failing(Observed observed, string node, double provenAt) => observed.With(new NodeName(node), n => n with
    {
        LastHeard = Build.At(1000),
        FirstHeard = Build.At(0),
        LeaseExpiryProof = Answered("adc-3", "adc-4") with { ProvenAt = Build.At(provenAt) },
    });

    private static ImmutableSortedDictionary<NodeName, ImmutableArray<WitnessSet>> Sets(params string[] nodes) =>
        nodes.ToImmutableSortedDictionary(n => new NodeName(n), _ => ImmutableArray.Create(new WitnessSet(1, [.. Names("adc-3", "adc-4", "adc-5")])));

    private static bool IsLost(LeaseExpiryProof proof, ImmutableArray<WitnessSet>? sets = null) =>
        LivenessRule.IsLost(new NodeObserved { LastHeard = Build.At(1000), LeaseExpiryProof = proof }, sets ?? Three, Lease);

    private static LeaseExpiryProof Denied(params string[] witnesses) => Answered(witnesses);

    private static LeaseExpiryProof Answered(params string[] witnesses) =>
        witnesses.Aggregate(LeaseExpiryProof.Open(Asked), (i, w) => Answer(i, w, Asked, 10_000, Asked));

    private static LeaseExpiryProof Answer(LeaseExpiryProof proof, string witness, Instant asked, double silentMs, Instant at) =>
        proof.Hear(new NodeName(witness), asked, TimeSpan.FromMilliseconds(silentMs), at);

    private static IEnumerable<NodeName> Names(params string[] names) => names.Select(n => new NodeName(n));
}
