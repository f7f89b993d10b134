using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Advice;

public sealed class ShortfallTests
{
    [Theory]
    [InlineData(13, 1, 1000, 0, 0)]
    [InlineData(12, 1, 1000, 1, 0)]
    [InlineData(13, 2, 1000, 1, 0)]
    [InlineData(13, 4, 1000, 3, 0)]
    [InlineData(20, 1, 1000, 0, 7)]
    [InlineData(0, 1, 1000, 13, 0)]
    public void Fleet_is_told_what_it_lacks_or_has_to_spare(int nodes, int k, int targetGbps, int add, int spare)
    {
        var found = Shortfall.Find(Fleet(nodes, new Protection(k, 0, 1)), new Wish(targetGbps * Build.Gbps, 88 * Build.Gbps));
        (found.Nodes, found.Add, found.Spare).ShouldBe((nodes, add, spare));
    }

    [Fact]
    public void Domain_that_may_fail_counts_with_all_its_nodes()
    {
        var problem = Fleet(16, new Protection(1, 1, 1), node => $"rack-{node % 4}");
        var found = Shortfall.Find(problem, new Wish(1000 * Build.Gbps, 88 * Build.Gbps));
        (found.Add, found.Spare, found.LeftBps).ShouldBe((0, 0, 12 * 88 * Build.Gbps));
        Shortfall.Find(problem, new Wish(1060 * Build.Gbps, 88 * Build.Gbps)).Add.ShouldBe(2, "the first new node makes its own rack the largest");
    }

    [Fact]
    public void Nodes_that_are_down_or_drained_carry_nothing()
    {
        var problem = Fleet(3, Protection.Default);
        problem = problem
            with
        {
            Nodes =
                [
                    problem.Nodes[0] with { State = PlanNodeState.Down },
                    problem.Nodes[1] with { State = PlanNodeState.Draining },
                    problem.Nodes[2],
                ],
        };
        Shortfall.Find(problem, new Wish(88 * Build.Gbps, 88 * Build.Gbps)).ShouldBe(new Shortfall(1, 1, 0, 0));
        Shortfall.MedianBps(problem).ShouldBe(88 * Build.Gbps);
    }

    private static PlacementProblem Fleet(int count, Protection protection, Func<int, string>? domain = null)
    {
        var nodes = Enumerable.Range(1, count).Select(i => new NodeEntry
        {
            Facts = Build.Facts($"adc-{i}", domain?.Invoke(i), capacityBps: 88 * Build.Gbps),
            Intent = NodeIntent.Active,
            Presence = NodePresence.Up,
        });
        return ProblemOf.Map(Build.Map(nodes, policy: FleetPolicy.Default with { Protection = protection }));
    }
}
