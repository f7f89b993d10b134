using Fleet.Placement.Model;

namespace Fleet.Placement.Generator;

/// <summary>Fleets that a solver can judge: up to 12 nodes and 40 VIPs, many of them large. Whether they can be protected is not known.</summary>
public static class SmallInstance
{
    public static PlacementProblem Draw(int seed)
    {
        var random = new Random(seed ^ 0x511);
        var k = random.Next(4) == 0 ? 2 : 1;
        var nodes = k == 2 ? random.Next(4, 6) : 3 + (int)(10 * random.NextDouble() * random.NextDouble());
        var vips = Math.Min(k == 2 ? 16 : 40, nodes * random.Next(1, 6));
        var shape = new InstanceShape(
            "small",
            seed,
            nodes,
            vips,
            (DemandShape)random.Next(3),
            nodes,
            1,
            IsUnequal: random.Next(3) == 0,
            k,
            0,
            false,
            IsLumpy: true,
            0.75 + (0.25 * random.NextDouble()),
            StartState.Fresh);
        var problem = RandomFleet.Draw(shape, random);
        var scale = shape.Fill / Instance.FillOf(problem);
        return problem with { Vips = [.. problem.Vips.Select(vip => vip with { Demand = new Load((long)(vip.Demand.Bps * scale)) })] };
    }
}
