using System.Collections.Immutable;
using System.Net;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Generator;

/// <summary>Nodes and VIPs of a shape; the demand is what the protection allows, so that placing them is the last thing left to chance.</summary>
internal static class RandomFleet
{
    private const long Gbps = 1_000_000_000;

    /// <summary>A little below the default <c>share-max</c>, because demand is scaled afterwards.</summary>
    private const double ShareMax = 0.045;

    private static readonly long[] Sizes = [60, 88, 100, 120];

    public static PlacementProblem Draw(InstanceShape shape, Random random)
    {
        var nodes = Enumerable.Range(0, shape.Nodes).Select(i => Node(shape, i, random)).ToImmutableArray();
        var problem = new PlacementProblem
        {
            Protection = new Protection(shape.ProtectedNodes, shape.ProtectedDomains, random.Next(4) == 0 ? 0.9 : 1.0),
            Nodes = nodes,
            Vips = [],
        };
        var smallest = nodes.Min(node => node.Capacity.Bps) * problem.Protection.UtilisationMax;
        var total = nodes.Sum(node => (double)node.Capacity.Bps) * 0.95;
        var most = (shape.IsLumpy ? 0.5 : ShareMax) * smallest;
        if (!shape.IsLumpy)
            shape = shape with { Vips = Math.Max(shape.Vips, Math.Min(50_000, (int)(1.4 * total / most))) };
        var demands = Demands(shape, random, total, most);
        return problem with { Vips = Vips(shape, demands, random) };
    }

    private static PlanNode Node(InstanceShape shape, int number, Random random)
    {
        var capacity = (shape.IsUnequal ? Sizes[random.Next(Sizes.Length)] : 88) * Gbps;
        var domainsOfSite = Math.Max(shape.ProtectedDomains > 0 ? 3 : 1, shape.Domains / shape.Sites);
        return new PlanNode
        {
            Name = new NodeName($"adc-{number + 1}"),
            Site = new SiteName($"site-{(number % shape.Sites) + 1}"),
            Domain = new DomainName($"rack-{(number / shape.Sites % domainsOfSite) + 1}"),
            Capacity = new Load(capacity, shape.HasConnections ? capacity / 500_000 : PlanNode.Unbounded),
        };
    }

    /// <summary>
    /// Sums to <paramref name="total"/> where no demand is cut off at <paramref name="most"/>; what is cut off is given to the others.
    /// </summary>
    private static double[] Demands(InstanceShape shape, Random random, double total, double most)
    {
        var demands = Enumerable.Range(1, shape.Vips).Select(rank => shape.Demand switch
        {
            DemandShape.Uniform => 0.1 + random.NextDouble(),
            DemandShape.Zipf => 1.0 / rank,
            _ => Math.Exp(Normal(random)),
        }).ToArray();
        for (var round = 0; round < 8; round++)
        {
            var scale = total / demands.Sum();
            for (var i = 0; i < demands.Length; i++)
                demands[i] = Math.Min(demands[i] * scale, most);
        }

        random.Shuffle(demands);
        return demands;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Services of one VIP up to twice as many as there are nodes; of a fleet with sites some services stay in theirs.</summary>
    private static ImmutableArray<PlanVip> Vips(InstanceShape shape, double[] demands, Random random)
    {
        var vips = ImmutableArray.CreateBuilder<PlanVip>(demands.Length);
        for (var service = 1; vips.Count < demands.Length; service++)
        {
            var count = (int)Math.Pow(2 * shape.Nodes, random.NextDouble());
            SiteName? site = shape.Sites > 1 && random.Next(3) == 0 ? new SiteName($"site-{random.Next(shape.Sites) + 1}") : null;
            for (var i = 0; i < count && vips.Count < demands.Length; i++)
            {
                var bps = (long)demands[vips.Count];
                vips.Add(new PlanVip
                {
                    Address = new VipAddress(new IPAddress([10, (byte)(vips.Count >> 16), (byte)(vips.Count >> 8), (byte)vips.Count])),
                    Service = new ServiceName($"service-{service}"),
                    Site = site,
                    Demand = new Load(bps, shape.HasConnections ? (long)(bps / 500_000.0 * (0.5 + random.NextDouble())) : 0),
                });
            }
        }

        return vips.MoveToImmutable();
    }
}
