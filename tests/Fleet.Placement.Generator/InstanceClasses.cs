namespace Fleet.Placement.Generator;

/// <summary>The kinds of instances there are. What a class does not fix is drawn from the seed.</summary>
public static class InstanceClasses
{
    private static readonly (string Name, int Weight, Func<InstanceShape, Random, InstanceShape> Fix)[] Classes =
    [
        ("uniform, 8-16 nodes", 10, (shape, random) => Small(shape, random) with { Demand = DemandShape.Uniform }),
        ("zipf, 8-16 nodes", 10, (shape, random) => Small(shape, random) with { Demand = DemandShape.Zipf }),
        ("log-normal, 8-16 nodes", 10, (shape, random) => Small(shape, random) with { Demand = DemandShape.LogNormal }),
        ("uniform, 17-100 nodes", 8, (shape, _) => shape with { Demand = DemandShape.Uniform }),
        ("zipf, 17-100 nodes", 8, (shape, _) => shape with { Demand = DemandShape.Zipf }),
        ("log-normal, 17-100 nodes", 8, (shape, _) => shape with { Demand = DemandShape.LogNormal }),
        ("unequal nodes", 10, (shape, _) => shape with { IsUnequal = true }),
        ("sites", 8, (shape, random) => shape with { Sites = random.Next(2, 4), Domains = random.Next(6, 12) }),
        ("domain protection", 10, (shape, random) => shape with { ProtectedDomains = 1, Domains = random.Next(4, 12) }),
        ("k = 2", 8, (shape, _) => shape with { ProtectedNodes = 2 }),
        ("k = 3 or 4", 4, (shape, random) => shape with { ProtectedNodes = random.Next(3, 5) }),
        ("two dimensions", 6, (shape, _) => shape with { HasConnections = true }),
        ("101-1000 nodes", 1, (shape, random) => Large(shape, random)),
        ("lumpy", 10, (shape, random) => Lumpy(shape, random)),
    ];

    /// <summary>The classes' names, in the order of the table.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Classes.Select(c => c.Name)];

    /// <summary>The shape of a seed: its class, by weight, and all that the class leaves open.</summary>
    public static InstanceShape Draw(int seed)
    {
        var random = new Random(seed);
        var pick = random.Next(Classes.Sum(c => c.Weight));
        var index = 0;
        for (; pick >= Classes[index].Weight; index++)
            pick -= Classes[index].Weight;
        var nodes = random.Next(17, 101);
        var open = new InstanceShape(
            Classes[index].Name,
            seed,
            nodes,
            nodes * random.Next(22, 40),
            (DemandShape)random.Next(3),
            random.Next(1, 41),
            Sites: 1,
            IsUnequal: random.Next(4) == 0,
            ProtectedNodes: 1,
            ProtectedDomains: 0,
            HasConnections: random.Next(10) == 0,
            IsLumpy: false,
            Fill: 0.60 + (0.35 * random.NextDouble()),
            (StartState)random.Next(3));
        return Classes[index].Fix(open, random);
    }

    private static InstanceShape Small(InstanceShape shape, Random random)
    {
        var nodes = random.Next(8, 17);
        return shape with { Nodes = nodes, Vips = nodes * random.Next(22, 60) };
    }

    private static InstanceShape Large(InstanceShape shape, Random random)
    {
        var nodes = (int)(101 * Math.Pow(10, random.NextDouble()));
        return shape with { Nodes = Math.Min(1000, nodes), Vips = Math.Min(50_000, nodes * random.Next(22, 51)) };
    }

    private static InstanceShape Lumpy(InstanceShape shape, Random random)
    {
        var nodes = random.Next(8, 41);
        return shape with { Nodes = nodes, Vips = Math.Max(10, nodes * random.Next(1, 12)), IsLumpy = true, Sites = 1 };
    }
}
