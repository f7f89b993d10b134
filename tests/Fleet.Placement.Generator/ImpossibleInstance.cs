using Fleet.Placement.Model;

namespace Fleet.Placement.Generator;

/// <summary>A problem that has no protected placement, and why.</summary>
public sealed record ImpossibleInstance(InstanceShape Shape, string Reason, PlacementProblem Problem)
{
    /// <summary>Takes the instance of the seed and breaks it in one of four ways.</summary>
    public static ImpossibleInstance Create(InstanceShape shape)
    {
        var random = new Random(shape.Seed ^ 0xbad);
        var (problem, fill) = (Instance.Create(shape).Problem, 0.0);
        fill = Instance.FillOf(problem);
        return random.Next(4) switch
        {
            0 =>
                new(
                    shape,
                    "too much demand",
                    problem with { Vips = [.. problem.Vips.Select(vip => Times(vip, (1.01 + (0.2 * random.NextDouble())) / fill, 1))] }),
            1 => new(shape, "too few nodes", problem with
            {
                Protection = problem.Protection with { Nodes = random.Next(1, 5) },
                Nodes = [.. problem.Nodes.Where(node => node.Site == problem.Nodes[0].Site).Take(1)],
            }),
            2 => new(shape, "one domain", problem with
            {
                Protection = problem.Protection with { Domains = 1 },
                Nodes = [.. problem.Nodes.Select(node => node with { Site = problem.Nodes[0].Site, Domain = problem.Nodes[0].Domain })],
                Vips = [.. problem.Vips.Select(vip => vip with { Site = null })],
            }),
            _ => new(shape, "one VIP too large", problem with
            {
                Vips = problem.Vips.SetItem(0, problem.Vips[0] with { Demand = new Load(problem.Nodes.Max(node => problem.LimitOf(node).Bps) + 1) }),
            }),
        };
    }

    /// <summary>Rounded up, so that the sum is not less than it is meant to be.</summary>
    private static PlanVip Times(PlanVip vip, double factor, long more) =>
        vip with { Demand = new Load((long)(vip.Demand.Bps * factor) + more, vip.Demand.Cps == 0 ? 0 : (long)(vip.Demand.Cps * factor) + more) };
}
