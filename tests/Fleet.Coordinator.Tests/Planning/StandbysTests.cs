using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Planning;

public sealed class StandbysTests
{
    private static readonly Instant Now = Build.At(60_000);

    [Theory]
    [InlineData(20, 4)]
    [InlineData(7, 3)]
    [InlineData(100, 13)]
    [InlineData(3, 9)]
    public void Vips_of_one_node_have_standbys_in_equal_parts_on_all_others(int vips, int nodes)
    {
        var map = Named(Build.Map(Build.Nodes(nodes), Enumerable.Range(0, vips).Select(i => Build.Serving(i + 1, $"adc-{(i % nodes) + 1}")))).Map;
        foreach (var owned in map.Vips.Values.GroupBy(v => v.Owner!.Value))
        {
            owned.ShouldAllBe(v => v.Standbys.Length == 1 && v.Standbys[0] != owned.Key);
            owned.GroupBy(v => v.Standbys[0]).Max(g => g.Count()).ShouldBe((owned.Count() + nodes - 2) / (nodes - 1));
        }
    }

    [Fact]
    public void Standbys_that_are_good_are_kept()
    {
        var once = Named(Build.Map(Build.Nodes(4), Enumerable.Range(0, 20).Select(i => Build.Serving(i + 1, $"adc-{(i % 4) + 1}"))));
        Standbys.Name(once, Sight.AllHeard(once, Now), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Standbys_that_have_become_lopsided_are_evened_out_by_as_few_changes_as_it_takes()
    {
        var state = Sight.Of(Build.Map(Build.Nodes(3), Enumerable.Range(1, 6).Select(i => Build.Serving(i, "adc-1", standbys: "adc-2"))));
        var changed = Standbys.Name(state, Sight.AllHeard(state, Now), Now).Cast<FleetEvent.StandbysNamed>().Single().Vips;
        changed.Length.ShouldBe(3);
        changed.ShouldAllBe(v => v.Standbys.Single() == new NodeName("adc-3"));
    }

    [Fact]
    public void Only_the_standbys_of_a_lost_node_are_named_anew()
    {
        var once = Named(Build.Map(Build.Nodes(4), Enumerable.Range(0, 12).Select(i => Build.Serving(i + 1, $"adc-{(i % 3) + 1}"))));
        var lost = Evolver.Evolve(once, new FleetEvent.NodeLost(new NodeName("adc-4"), "test"), 3);
        var changed = Standbys.Name(lost, Sight.AllHeard(lost, Now), Now).Cast<FleetEvent.StandbysNamed>().Single().Vips;
        changed.Select(v => v.Vip).Order().ShouldBe(once.Map.Vips.Values.Where(v => v.Standbys[0] == new NodeName("adc-4")).Select(v => v.Address));
    }

    [Fact]
    public void Where_a_domain_is_to_be_survived_standbys_lie_in_others()
    {
        var nodes = Enumerable.Range(1, 4).Select(i => Build.Node($"adc-{i}", domain: $"rack-{i % 2}"));
        var map = Named(Build.Map(nodes, Enumerable.Range(0, 12).Select(i => Build.Serving(i + 1, $"adc-{(i % 4) + 1}")), BuildPolicy.Protecting(1, domains: 1))).Map;
        map.Vips.Values.ShouldAllBe(v => map.Nodes[v.Standbys[0]].Facts.Domain != map.Nodes[v.Owner!.Value].Facts.Domain);
    }

    [Fact]
    public void Only_node_has_no_standby() => Named(Build.Map(Build.Nodes(1), [Build.Serving(1, "adc-1", standbys: "adc-9")])).Map.Vips.Values.Single().Standbys.ShouldBeEmpty();

    private static FleetState Named(FleetMap map)
    {
        var state = Sight.Of(map);
        return Standbys.Name(state, Sight.AllHeard(state, Now), Now).Aggregate(state, (s, e) => Evolver.Evolve(s, e, 2));
    }
}
