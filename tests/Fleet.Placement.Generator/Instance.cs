using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;

namespace Fleet.Placement.Generator;

/// <summary>A problem of which a protected placement is known.</summary>
/// <param name="Known">It holds: the proof has said so.</param>
/// <param name="Fill">Demand by what the protection allows, as it came out.</param>
/// <param name="Fullest">The highest utilisation of any survivor of the known placement after any failure, by what it may be.</param>
public sealed record Instance(InstanceShape Shape, PlacementProblem Problem, ImmutableArray<Assignment> Known, double Fill, double Fullest)
{
    /// <summary>
    /// Builds the fleet, places it by a simple scheme, and scales the demand until that placement just holds, or to what the shape asks for if that
    /// is less.
    /// </summary>
    public static Instance Create(InstanceShape shape)
    {
        var random = new Random(shape.Seed ^ 0x5eed);
        var problem = RandomFleet.Draw(shape, random);
        var known = new Construction(problem, random).Place();
        var verdict = ProtectionProof.Check(problem, known);
        if (!verdict.Broken.IsEmpty)
            throw new InvalidOperationException($"Seed {shape.Seed}: {verdict.Broken[0]}");
        var fullest = verdict.UtilisationMax!.Value / problem.Protection.UtilisationMax;
        var fill = FillOf(problem);

        // Every sum of rounded-down demands is below the scaled sum, so what fitted goes on fitting.
        var scale = Math.Min(1.1, Math.Min(1 / fullest, shape.Fill / fill)) * (1 - 1e-9);
        return Started(new Instance(shape, Scaled(problem, scale), known, fill * scale, fullest * scale), random);
    }

    /// <summary>Demand by the capacity that is left after the worst failure, in the fuller dimension.</summary>
    public static double FillOf(PlacementProblem problem)
    {
        double bps = 0, cps = 0;
        foreach (var vip in problem.Vips)
            (bps, cps) = (bps + vip.Demand.Bps, cps + vip.Demand.Cps);
        return Math.Max(bps / Allowed(problem, limit => limit.Bps), cps / Allowed(problem, limit => limit.Cps));
    }

    private static double Allowed(PlacementProblem problem, Func<Load, long> part)
    {
        var limits = problem.Nodes
            .Select(node => (node.Site, node.Domain, Limit: (double)part(problem.LimitOf(node))))
            .OrderByDescending(node => node.Limit)
            .ToArray();
        var nodes = limits.Take(problem.Protection.Nodes).Sum(node => node.Limit);
        var domain = problem.Protection.Domains == 0 ? 0 : limits.GroupBy(node => (node.Site, node.Domain)).Max(d => d.Sum(node => node.Limit));
        return limits.Sum(node => node.Limit) - Math.Max(nodes, domain);
    }

    private static PlacementProblem Scaled(PlacementProblem problem, double scale) => problem with
    {
        Vips = [.. problem.Vips.Select(vip => vip with { Demand = new Load((long)(vip.Demand.Bps * scale), (long)(vip.Demand.Cps * scale)) })],
    };

    private static Instance Started(Instance instance, Random random)
    {
        var (problem, known) = (instance.Problem, instance.Known);
        if (instance.Shape.Start == StartState.Fresh)
            return instance;
        var isDisturbed = instance.Shape.Start == StartState.Disturbed;
        var vips = problem.Vips.Select((vip, i) =>
        {
            var owner = isDisturbed && random.Next(10) == 0 ? known[i].Standbys[0] : known[i].Owner;
            return vip with { Owner = owner, Standbys = isDisturbed ? [] : known[i].Standbys };
        });
        return instance with { Problem = problem with { Vips = [.. vips] } };
    }
}
