using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Proof;

/// <summary>No bound is above what the best of all placements reaches, and most are at it or near.</summary>
public sealed class BoundsTests
{
    [Fact]
    public void No_placement_stays_below_the_utilisation_bound()
    {
        var (tight, loose) = (0, 0);
        for (var seed = 0; seed < 1500; seed++)
        {
            var problem = new TinyFleets(seed).Problem(nodesMin: 1, nodesMax: 4, vipsMax: 5);
            var best = Enumeration
                .Owners(problem)
                .Select(owners => Enumeration.Utilisation(problem, owners))
                .DefaultIfEmpty(double.PositiveInfinity)
                .Min();

            var bound = Bounds.Utilisation(problem);

            bound.ShouldBeLessThanOrEqualTo(best * (1 + 1e-9), $"seed {seed}");
            _ = bound >= best * 0.98 ? tight++ : loose++;
        }

        tight.ShouldBeGreaterThan(loose);
    }

    [Fact]
    public void No_placement_moves_less_than_the_move_bound()
    {
        var tight = 0;
        for (var seed = 0; seed < 1500; seed++)
        {
            var problem = new TinyFleets(seed).Problem(nodesMin: 2, nodesMax: 4, vipsMax: 4);
            foreach (var owners in Enumeration.Owners(problem))
            {
                var moved = problem.Vips.Zip(owners).Where(vip => vip.First.Owner != vip.Second).Sum(vip => vip.First.Demand.Bps);
                var utilisation = Enumeration.Utilisation(problem, owners);
                if (!double.IsFinite(utilisation))
                    continue;
                var bound = Bounds.MovedBps(problem, utilisation);
                if (moved < bound)
                    Assert.Fail($"seed {seed}: {moved} moved, {bound} said to be the least");
                tight += moved > 0 && moved == bound ? 1 : 0;
            }
        }

        tight.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void What_is_called_impossible_is_impossible()
    {
        var (impossible, claimed, kinds) = (0, 0, new HashSet<ShortageKind>());
        for (var seed = 0; seed < 800; seed++)
        {
            var problem = new TinyFleets(seed).Problem(nodesMin: 2, nodesMax: 4, vipsMax: 3);
            var exists = Enumeration.Placements(problem).Any(plan => BruteForce.Evaluate(problem, plan).Holds);
            impossible += exists ? 0 : 1;
            if (Bounds.Shortage(problem) is not { } shortage)
                continue;

            exists.ShouldBeFalse($"seed {seed}: {shortage.Sentence}");
            claimed++;
            kinds.Add(shortage.Kind);
        }

        kinds.Count.ShouldBe(5);
        claimed.ShouldBeGreaterThan(impossible * 8 / 10, $"{claimed} of {impossible}");
    }

    [Fact]
    public void Too_much_demand_is_told_with_the_failure_and_the_remedy()
    {
        var problem = Fleet(k: 1, domains: 0, nodes: 3, [.. Enumerable.Repeat(23L, 10)]);

        var shortage = Bounds.Shortage(problem).ShouldNotBeNull();

        shortage.Sentence.ShouldBe(
            "When adc-1 fails, the fleet has 200 bit/s left and is asked for 230 bit/s: 30 bit/s more, or 1 more node of 100 bit/s is needed.");
    }

    [Fact]
    public void Two_thirds_of_a_node_each_need_a_node_each()
    {
        var problem = Fleet(k: 1, domains: 0, nodes: 4, [66, 66, 66, 66]);

        Bounds.Shortage(problem).ShouldNotBeNull().Kind.ShouldBe(ShortageKind.TooManyLargeVips);
        Bounds.Utilisation(Fleet(k: 0, domains: 0, nodes: 3, [66, 66, 66, 66])).ShouldBe(1.32, 1e-6);
    }

    [Fact]
    public void Equal_vips_move_whole()
    {
        var problem = Fleet(k: 0, domains: 0, nodes: 2, [.. Enumerable.Repeat(10L, 8)]);
        problem = problem with { Vips = [.. problem.Vips.Select(vip => vip with { Owner = Build.Name("adc-1") })] };

        Bounds.MovedBps(problem, 0.45).ShouldBe(40);
    }

    private static PlacementProblem Fleet(int k, int domains, int nodes, long[] demands) => new()
    {
        Protection = new Protection(k, domains, 1),
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => new PlanNode
        {
            Name = Build.Name($"adc-{i}"),
            Site = new SiteName("here"),
            Domain = new DomainName($"rack-{i}"),
            Capacity = new Load(100, PlanNode.Unbounded),
        })],
        Vips =
        [
            .. demands.Select((demand, i) => new PlanVip { Address = Build.Vip(i + 1), Service = new ServiceName("web"), Demand = new Load(demand) }),
        ],
    };
}
