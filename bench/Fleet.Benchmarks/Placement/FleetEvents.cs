using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement;

/// <summary>What happens to a settled fleet. Each gives the problem that the planner finds afterwards.</summary>
public static class FleetEvents
{
    /// <summary>Nodes die; their VIPs are nobody's until they are planned.</summary>
    public static PlacementProblem Fail(PlacementProblem settled, Func<PlanNode, bool> fails) =>
        settled with { Nodes = [.. settled.Nodes.Select(node => fails(node) ? node with { State = PlanNodeState.Down } : node)] };

    /// <summary>Nodes die and their VIPs have gone to their first live standby: the prepared plan, carried out.</summary>
    public static PlacementProblem FailOver(PlacementProblem settled, Func<PlanNode, bool> fails)
    {
        var failed = Fail(settled, fails);
        var dead = failed.Nodes.Where(node => node.State == PlanNodeState.Down).Select(node => node.Name).ToHashSet();
        return failed with
        {
            Vips =
            [
                .. failed.Vips.Select(vip =>
                    vip.Owner is { } owner && dead.Contains(owner)
                        ? vip with { Owner = vip.Standbys.Cast<NodeName?>().FirstOrDefault(s => !dead.Contains(s!.Value)) }
                        : vip),
            ],
        };
    }

    /// <summary>One node in ten more, empty, of the sizes and in the places of those that are there.</summary>
    public static PlacementProblem Grow(PlacementProblem settled)
    {
        var count = Math.Max(1, settled.Nodes.Length / 10);
        var added = Enumerable
            .Range(0, count)
            .Select(i => settled.Nodes[i * settled.Nodes.Length / count] with { Name = new NodeName($"new-{i + 1}") });
        return settled with { Nodes = [.. settled.Nodes, .. added] };
    }

    public static PlacementProblem Drain(PlacementProblem settled, NodeName name) =>
        settled with { Nodes = [.. settled.Nodes.Select(node => node.Name == name ? node with { State = PlanNodeState.Draining } : node)] };

    /// <summary>Every VIP asks for up to <paramref name="part"/> more or less.</summary>
    public static PlacementProblem Drift(PlacementProblem settled, double part, Random random) =>
        With(settled, _ => 1 + (part * ((2 * random.NextDouble()) - 1)));

    /// <summary>One VIP in twenty asks for half as much again, the others for so much less that the sum stays.</summary>
    public static PlacementProblem Surge(PlacementProblem settled, Random random)
    {
        var grows = settled.Vips.Select(_ => random.Next(20) == 0).ToArray();
        double all = settled.Vips.Sum(vip => vip.Demand.Bps);
        var more = settled.Vips.Where((_, i) => grows[i]).Sum(vip => vip.Demand.Bps) * 0.5;
        return With(settled, i => grows[i] ? 1.5 * (all / (all + more)) : all / (all + more));
    }

    private static PlacementProblem With(PlacementProblem settled, Func<int, double> factor) => settled with
    {
        Vips = settled.Vips.Select((vip, i) => (Vip: vip, Factor: factor(i)))
            .Select(
                v => v.Vip with { Demand = new Load((long)(v.Vip.Demand.Bps * v.Factor), (long)(v.Vip.Demand.Cps * v.Factor)) }).ToImmutableArray(),
    };
}
