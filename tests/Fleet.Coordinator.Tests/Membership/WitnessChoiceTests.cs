using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Membership;

public sealed class WitnessChoiceTests
{
    private static readonly Instant Now = Build.At(60_000);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    [InlineData(4, 9)]
    public void Every_node_has_twice_k_and_one_witnesses_and_is_not_its_own(int k, int witnesses)
    {
        var map = Named(Build.Map(Build.Nodes(12), policy: BuildPolicy.Protecting(k))).Map;
        map.Nodes.Values.ShouldAllBe(
            n => n.Witnesses.Length == witnesses && !n.Witnesses.Contains(n.Name) && n.Witnesses.Distinct().Count() == witnesses);
        map.Nodes.Keys.ShouldAllBe(n => map.Nodes.Values.Count(o => o.Witnesses.Contains(n)) == witnesses);
    }

    [Fact]
    public void Small_fleet_has_all_peers_for_witnesses_and_a_single_node_none()
    {
        Named(Build.Map(Build.Nodes(3))).Map.Nodes[new("adc-2")].Witnesses.Select(w => w.Value).Order().ShouldBe(["adc-1", "adc-3"]);
        var single = Named(Build.Map(Build.Nodes(1)));
        single.WitnessSets[new("adc-1")].Single().Witnesses.ShouldBeEmpty();
    }

    [Fact]
    public void Witnesses_come_from_other_domains_first()
    {
        var nodes = Enumerable.Range(1, 8).Select(i => Build.Node($"adc-{i}", domain: $"rack-{i % 2}"));
        var map = Named(Build.Map(nodes)).Map;
        map.Nodes.Values.ShouldAllBe(n => n.Witnesses.All(w => map.Nodes[w].Facts.Domain != n.Facts.Domain));
    }

    [Fact]
    public void Lost_watcher_is_replaced_and_the_others_stay()
    {
        var state = Named(Build.Map(Build.Nodes(8)));
        var watched = state.Map.Nodes[new("adc-1")];
        var lost = Named(Evolver.Evolve(state, new FleetEvent.NodeLost(watched.Witnesses[0], "test"), 3), 3);
        var now = lost.Map.Nodes[watched.Name].Witnesses;
        now.Length.ShouldBe(3);
        now.ShouldNotContain(watched.Witnesses[0]);
        now.ShouldContain(watched.Witnesses[1]);
        now.ShouldContain(watched.Witnesses[2]);
    }

    [Fact]
    public void Old_witnesses_count_until_the_node_works_by_a_map_that_names_others()
    {
        var sets = ImmutableArray.Create(new WitnessSet(2, [new("adc-2")]), new WitnessSet(5, [new("adc-3")]));
        var state = TestState.StateOf(Build.Map(Build.Nodes(3)))
            with
        { WitnessSets = ImmutableSortedDictionary<NodeName, ImmutableArray<WitnessSet>>.Empty.Add(new("adc-1"), sets) };
        WitnessChoice.Confirm(state, TestState.AllHeard(state, Now, applied: 4), Now).ShouldBeEmpty();
        var confirmed = WitnessChoice.Confirm(state, TestState.AllHeard(state, Now, applied: 5), Now).ShouldHaveSingleItem();
        Evolver.Evolve(state, confirmed, 6).WitnessSets[new("adc-1")].ShouldBe([sets[1]]);
    }

    [Fact]
    public void Of_several_newer_sets_the_one_that_the_node_has_come_to_counts_and_those_after_it()
    {
        var state = TestState.StateOf(Build.Map(Build.Nodes(5)));
        foreach (var (revision, witness) in new[] { (2L, "adc-2"), (5L, "adc-3"), (8L, "adc-4") })
            state = Evolver.Evolve(state, new FleetEvent.WitnessesNamed(new("adc-1"), [new(witness)]), revision);
        state.WitnessSets[new("adc-1")].Select(set => set.Revision).ShouldBe([2, 5, 8]);
        var confirmed = WitnessChoice.Confirm(state, TestState.AllHeard(state, Now, applied: 6), Now).ShouldHaveSingleItem();
        Evolver.Evolve(state, confirmed, 9).WitnessSets[new("adc-1")].Select(set => set.Revision).ShouldBe([5, 8]);
    }

    private static FleetState Named(FleetMap map) => Named(TestState.StateOf(map), 2);

    private static FleetState Named(FleetState state, long revision) =>
        WitnessChoice.Name(state, TestState.AllHeard(state, Now), Now).Aggregate(state, (s, e) => Evolver.Evolve(s, e, revision));
}
