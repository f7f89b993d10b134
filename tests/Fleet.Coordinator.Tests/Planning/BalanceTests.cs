using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Tests.Planning;

public sealed class BalanceTests
{
    private static readonly Instant Now = Build.At(60_000);

    [Theory]
    [InlineData(20, 4, 4)]
    [InlineData(20, 3, 5)]
    [InlineData(7, 2, 2)]
    [InlineData(90, 9, 9)]
    public void Node_that_joins_gets_its_share_and_no_more_moves_than_that(int vips, int nodes, int least)
    {
        var map = Spread(vips, nodes, nodes + 1);
        var moves = Begun(map);
        moves.Length.ShouldBe(least);
        moves.ShouldAllBe(m => m.To == new NodeName($"adc-{nodes + 1}") && m.Reason == MoveReason.Balance);
        moves.Select(m => m.Vip).ShouldBeUnique();
    }

    [Theory]
    [InlineData(20, 4)]
    [InlineData(7, 3)]
    [InlineData(1, 2)]
    public void Even_spread_is_left_alone(int vips, int nodes) => Begun(Spread(vips, nodes, nodes)).ShouldBeEmpty();

    [Fact]
    public void Drained_node_hands_over_all_it_has()
    {
        var map = Spread(12, 4, 4);
        var draining = map with { Nodes = map.Nodes.SetItem(new("adc-2"), map.Nodes[new("adc-2")] with { Intent = NodeIntent.Draining }) };
        var moves = Begun(draining);
        moves.Select(m => m.Vip).ShouldBe(map.Vips.Values.Where(v => v.Owner == new NodeName("adc-2")).Select(v => v.Address));
        moves.Select(m => m.To.Value).Order().ShouldBe(["adc-1", "adc-3", "adc-4"]);
    }

    [Fact]
    public void Moves_under_way_are_bounded_by_the_policys_share()
    {
        var map = Spread(40, 4, 5) with { Policy = FleetPolicy.Default };
        Begun(map).Length.ShouldBe(4);
        var first = map.Vips.Values.First();
        Begun(map with { Vips = map.Vips.SetItem(first.Address, first with { Phase = VipPhase.Quiet, Heir = new NodeName("adc-5") }) }).Length.ShouldBe(3);
    }

    [Fact]
    public void Nothing_moves_by_plan_while_a_vip_waits_to_be_served()
    {
        var map = Spread(20, 4, 5);
        var first = map.Vips.Values.First();
        Begun(map with { Vips = map.Vips.SetItem(first.Address, first with { Phase = VipPhase.Unplaced, Owner = null }) }).ShouldBeEmpty();
        var arriving = map with { Vips = map.Vips.SetItem(first.Address, first with { Phase = VipPhase.Arriving }) };
        Begun(arriving, sinceMs: 1999).ShouldBeEmpty();
        Begun(arriving, sinceMs: 2000).ShouldNotBeEmpty();
    }

    [Fact]
    public void Node_that_is_cordoned_neither_gives_nor_takes()
    {
        var map = Spread(20, 4, 5);
        Begun(map with { Nodes = map.Nodes.SetItem(new("adc-5"), map.Nodes[new("adc-5")] with { Intent = NodeIntent.Cordoned }) }).ShouldBeEmpty();
    }

    private static VipMove[] Begun(FleetMap map, double sinceMs = 60_000)
    {
        var state = Sight.Of(map);
        var observed = map.Vips.Keys.Aggregate(Sight.AllHeard(state, Now), (o, v) => o.QuietSince(v, Now - TimeSpan.FromMilliseconds(sinceMs)));
        return [.. Balance.Rebalance(state, observed, Now).Cast<FleetEvent.HandoversBegun>().SelectMany(e => e.Moves)];
    }

    /// <summary>VIPs dealt to the first <paramref name="owners"/> of the nodes in turn.</summary>
    private static FleetMap Spread(int vips, int owners, int nodes) =>
        Build.Map(Build.Nodes(nodes), Enumerable.Range(0, vips).Select(i => Build.Serving(i + 1, $"adc-{(i % owners) + 1}")), BuildPolicy.MovingAllAtOnce);
}
