using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Proof;

/// <summary>The law of protection, written as it is spoken: obvious, slow, and without a line of what it judges.</summary>
public static class BruteForce
{
    /// <summary>What the law says of a placement.</summary>
    /// <param name="Holds">No rule is broken and no survivor carries too much.</param>
    /// <param name="Utilisation">The highest of any survivor after any failure; 0 when nothing is placed.</param>
    /// <param name="Overloads">Survivors that carry too much, each with the failure that makes it so.</param>
    public sealed record Answer(
        bool Holds, bool AreRulesKept, double Utilisation, ImmutableArray<(ImmutableArray<NodeName> Failed, NodeName Node)> Overloads);

    public static Answer Evaluate(PlacementProblem problem, ImmutableArray<Assignment> plan)
    {
        var rulesKept = RulesKept(problem, plan);
        var (highest, overloads) = (0.0, new List<(ImmutableArray<NodeName>, NodeName)>());
        foreach (var failed in FailureSets(problem))
        {
            foreach (var (node, load) in After(problem, plan, failed, ref rulesKept))
            {
                highest = Math.Max(highest, load.ShareOf(node.Capacity));
                if (!load.FitsIn(problem.LimitOf(node)))
                    overloads.Add(([.. failed.Order()], node.Name));
            }
        }

        return new Answer(rulesKept && overloads.Count == 0, rulesKept, highest, [.. overloads]);
    }

    public static IEnumerable<IReadOnlyCollection<NodeName>> FailureSets(PlacementProblem problem)
    {
        var live = problem.Nodes.Where(node => node.State != PlanNodeState.Down).ToArray();
        for (var bits = 0; bits < 1 << live.Length; bits++)
        {
            if (int.PopCount(bits) <= problem.Protection.Nodes)
                yield return [.. live.Where((_, i) => (bits >> i & 1) == 1).Select(node => node.Name)];
        }

        if (problem.Protection.Domains == 1)
        {
            foreach (var domain in live.GroupBy(node => (node.Site, node.Domain)))
                yield return [.. domain.Select(node => node.Name)];
        }
    }

    /// <summary>What every survivor carries.</summary>
    public static IReadOnlyList<(PlanNode Node, Load Load)> After(
        PlacementProblem problem, ImmutableArray<Assignment> plan, IReadOnlyCollection<NodeName> failed, ref bool rulesKept)
    {
        var survivors = problem.Nodes
            .Where(node => node.State != PlanNodeState.Down && !failed.Contains(node.Name))
            .ToDictionary(node => node.Name, _ => Load.None);
        foreach (var assignment in plan)
        {
            var vip = problem.Vips.FirstOrDefault(v => v.Address == assignment.Address);
            var owner = problem.Nodes.FirstOrDefault(node => node.Name == assignment.Owner);
            if (vip is null || owner is null || owner.State == PlanNodeState.Down)
                continue;
            var holder = !failed.Contains(owner.Name)
                ? owner.Name
                : assignment.Standbys.Cast<NodeName?>().FirstOrDefault(standby => survivors.ContainsKey(standby!.Value));
            if (holder is { } successor)
                survivors[successor] += vip.Demand;
            else
                rulesKept = false;
        }

        return [.. survivors.Select(s => (problem.Nodes.First(node => node.Name == s.Key), s.Value))];
    }

    private static bool RulesKept(PlacementProblem problem, ImmutableArray<Assignment> plan) =>
        plan.Length == problem.Vips.Length
        && problem.Vips.All(vip => plan.Count(a => a.Address == vip.Address) == 1)
        && plan.All(a => RulesKept(problem, problem.Vips.Single(vip => vip.Address == a.Address), a));

    private static bool RulesKept(PlacementProblem problem, PlanVip vip, Assignment assignment)
    {
        var owner = problem.Nodes.FirstOrDefault(node => node.Name == assignment.Owner);
        if (owner is null || !vip.MayLieOn(owner))
            return false;
        if (owner.State != PlanNodeState.Up && !(owner.State == PlanNodeState.Cordoned && vip.Owner == owner.Name))
            return false;
        return assignment.Standbys.Distinct().Count() == assignment.Standbys.Length
            && !assignment.Standbys.Contains(assignment.Owner)
            && assignment.Standbys.All(
                standby => problem.Nodes.Any(node => node.Name == standby && node.State == PlanNodeState.Up && vip.MayLieOn(node)));
    }
}
