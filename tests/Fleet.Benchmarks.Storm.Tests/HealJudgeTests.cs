using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Demo.Clients;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;
using Fleet.Testing;

namespace Fleet.Benchmarks.Storm.Tests;

/// <summary>A fleet is well, or what it lacks is named.</summary>
public sealed class HealJudgeTests
{
    private static readonly Instant Now = Build.At(10_000);

    private readonly Observation _well = new(
        Build.Map(Build.Nodes(2), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]),
        [View("adc-1"), View("adc-2")],
        ["adc-1", "adc-2"],
        new MapVersion(1, 1),
        Answers(("adc-1", 9_990), ("adc-2", 9_990)),
        Now);

    [Fact]
    public void A_fleet_that_is_well_lacks_nothing() => HealJudge.Wanting(_well).ShouldBeEmpty();

    [Fact]
    public void A_vip_that_does_not_answer() => Lacks(_well with { LastAnswers = Answers(("adc-1", 9_990), ("adc-2", 9_000)) }, "does not answer");

    [Fact]
    public void A_vip_that_never_answered() =>
        Lacks(_well with { LastAnswers = ImmutableSortedDictionary<VipAddress, ProbeSample?>.Empty }, "does not answer");

    [Fact]
    public void A_vip_that_another_node_answers() =>
        Lacks(_well with { LastAnswers = Answers(("adc-1", 9_990), ("adc-1", 9_990)) }, "is answered by adc-1, and the map names adc-2");

    [Fact]
    public void A_vip_without_an_owner() => Lacks(_well with { Map = Build.Map(Build.Nodes(2), [Build.Unplaced(1)]) }, "has no owner");

    [Fact]
    public void A_node_that_is_not_in_the_fleet() => Lacks(_well with { Nodes = [View("adc-1")] }, "adc-2 is not in the fleet");

    [Fact]
    public void A_node_that_is_not_heard() =>
        Lacks(_well with { Nodes = [View("adc-1"), View("adc-2") with { SilentMs = 800 }] }, "adc-2 is not heard");

    [Fact]
    public void A_node_with_an_old_map() => Lacks(_well with { Owed = new MapVersion(1, 2) }, "works by map 1.1");

    [Fact]
    public void A_node_that_is_down_for_no_reason() => Lacks(_well with { Nodes = [View("adc-1"), Down("returning")] }, "adc-2 is down");

    [Fact]
    public void A_node_that_is_kept_out_because_it_keeps_failing_is_as_intended() =>
        HealJudge.Wanting(_well with { Nodes = [View("adc-1"), Down("flap-damping")] }).ShouldBeEmpty();

    private static void Lacks(Observation sight, string what) => HealJudge.Wanting(sight).ShouldContain(wanting => wanting.Contains(what));

    private static NodeView View(string name, NodePresence presence = NodePresence.Up) =>
        new(Build.Node(name, presence: presence), "up", 50, new MapVersion(1, 1), 1, 0, VipCounters.Zero);

    private static NodeView Down(string reason) =>
        View("adc-2", NodePresence.Down) with { Waiting = new WaitingView(reason, "it waits", null, "It ends.") };

    private static ImmutableSortedDictionary<VipAddress, ProbeSample?> Answers(params (string Node, int Ms)[] answers) => answers
        .Select((answer, i) => (Vip: Build.Vip(i + 1), Sample: new ProbeSample(Build.At(answer.Ms - 5), Build.At(answer.Ms), answer.Node)))
        .ToImmutableSortedDictionary(answer => answer.Vip, answer => (ProbeSample?)answer.Sample);
}
