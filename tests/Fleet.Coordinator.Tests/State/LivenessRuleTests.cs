using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.State;

/// <summary>Node adc-1 was last heard at 1,000 ms; the question is asked at 1,450 ms, lease (400) and margin (50) later.</summary>
public sealed class LivenessRuleTests
{
    private static readonly LeaseTerms Lease = LeaseTerms.Default;
    private static readonly Instant Asked = Build.At(1450);
    private static readonly ImmutableArray<WatcherSet> Three = [new WatcherSet(1, [.. Names("adc-2", "adc-3", "adc-4")])];

    [Theory]
    [InlineData(449.9, false)]
    [InlineData(450, true)]
    public void Node_is_suspect_after_lease_and_margin(double silentMs, bool suspect) =>
        LivenessRule.IsSuspect(new NodeObserved { LastHeard = Build.At(1000) }, Lease, Build.At(1000 + silentMs)).ShouldBe(suspect);

    [Fact]
    public void Silence_alone_is_no_loss() => IsLost(Inquest.Open(1, Asked, Three)).ShouldBeFalse();

    [Fact]
    public void Denying_quorum_of_the_watchers_is_a_loss() => IsLost(Denied(Three, "adc-2", "adc-4")).ShouldBeTrue();

    [Fact]
    public void One_denial_of_three_is_no_loss() => IsLost(Denied(Three, "adc-2")).ShouldBeFalse();

    [Fact]
    public void Watcher_that_heard_it_within_lease_and_margin_before_the_question_denies_nothing()
    {
        var inquest = Denied(Three, "adc-2").Hear(new NodeName("adc-3"), TimeSpan.FromMilliseconds(449), Asked);
        IsLost(inquest).ShouldBeFalse();
    }

    [Fact]
    public void Answer_speaks_of_the_time_before_the_question_however_late_it_comes()
    {
        // Silent for 460 ms when it answered 20 ms after the question: it may have vouched 10 ms too late for a proof.
        var late = Denied(Three, "adc-2").Hear(new NodeName("adc-3"), TimeSpan.FromMilliseconds(460), Asked + TimeSpan.FromMilliseconds(20));
        IsLost(late).ShouldBeFalse();
        IsLost(late.Hear(new NodeName("adc-3"), TimeSpan.FromMilliseconds(470), Asked + TimeSpan.FromMilliseconds(20))).ShouldBeTrue();
    }

    [Fact]
    public void Question_asked_too_early_proves_nothing()
    {
        var early = Answered(Inquest.Open(1, Build.At(1449), Three), "adc-2", "adc-3", "adc-4");
        IsLost(early).ShouldBeFalse();
    }

    [Fact]
    public void Every_set_it_may_be_renewing_by_must_deny()
    {
        ImmutableArray<WatcherSet> both = [.. Three, new WatcherSet(7, [.. Names("adc-2", "adc-5", "adc-6")])];
        IsLost(Denied(both, "adc-2", "adc-3"), both).ShouldBeFalse();
        IsLost(Denied(both, "adc-2", "adc-3", "adc-5"), both).ShouldBeTrue();
    }

    [Fact]
    public void Set_named_after_the_question_voids_the_proof()
    {
        ImmutableArray<WatcherSet> both = [.. Three, new WatcherSet(7, [new NodeName("adc-2")])];
        IsLost(Denied(Three, "adc-2", "adc-3"), both).ShouldBeFalse();
    }

    [Fact]
    public void Node_without_watchers_renews_its_lease_by_itself_and_is_never_lost_by_silence()
    {
        ImmutableArray<WatcherSet> nobody = [new WatcherSet(1, [])];
        IsLost(Inquest.Open(1, Asked, nobody), nobody).ShouldBeFalse();
    }

    [Fact]
    public void Node_that_said_goodbye_and_holds_nothing_is_down_at_once_unless_a_vip_it_held_is_only_gone_from_the_map()
    {
        var state = Sight.Of(Build.Map(Build.Nodes(2)));
        var gone = Sight.AllHeard(state, Asked).With(new NodeName("adc-1"), n => n with { SaidGoodbye = true, Connection = null });
        LivenessRule.Judge(state, gone, Asked).ShouldHaveSingleItem().ShouldBeOfType<FleetEvent.NodeLost>().Node.ShouldBe(new NodeName("adc-1"));

        var holding = state with { Remnants = state.Remnants.Add(Build.Vip(1), new Remnant(new NodeName("adc-1"), 1)) };
        LivenessRule.Judge(holding, gone, Asked).ShouldBeEmpty();
    }

    private static bool IsLost(Inquest inquest, ImmutableArray<WatcherSet>? sets = null) =>
        LivenessRule.IsLost(new NodeObserved { LastHeard = Build.At(1000), Inquest = inquest }, sets ?? Three, Lease);

    private static Inquest Denied(ImmutableArray<WatcherSet> sets, params string[] watchers) => Answered(Inquest.Open(1, Asked, sets), watchers);

    private static Inquest Answered(Inquest inquest, params string[] watchers) =>
        Names(watchers).Aggregate(inquest, (i, w) => i.Hear(w, TimeSpan.FromSeconds(10), Asked));

    private static IEnumerable<NodeName> Names(params string[] names) => names.Select(n => new NodeName(n));
}
