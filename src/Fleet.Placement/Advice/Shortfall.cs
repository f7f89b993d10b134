using Fleet.Placement.Model;

namespace Fleet.Placement.Advice;

/// <summary>What an existing fleet lacks, or has to spare, compared with what it must carry under its protection.</summary>
/// <param name="Nodes">How many nodes carry traffic.</param>
/// <param name="Add">How many appliances to add; 0 when it is enough.</param>
/// <param name="Spare">How many nodes, whichever they are, could be taken away; 0 when none.</param>
/// <param name="LeftBps">What is left of its usable capacity after the worst failure of the protection, bit/s.</param>
public sealed record Shortfall(int Nodes, int Add, int Spare, long LeftBps)
{
    /// <summary>Computed as if every node could carry everything: the proof knows what sites and segments forbid.</summary>
    public static Shortfall Find(PlacementProblem problem, Wish wish)
    {
        var usable = problem.Nodes.Where(node => node.State is PlanNodeState.Up or PlanNodeState.Cordoned)
            .Select(node => (Bps: (wish with { ApplianceBps = node.Capacity.Bps }).UsableBps, Domain: $"{node.Site}/{node.Domain}"))
            .OrderByDescending(node => node.Bps).ThenBy(node => node.Domain, StringComparer.Ordinal).ToList();
        var (have, left) = (usable.Count, Left(usable, problem));
        var spare = 0;
        while (spare < have && Left(usable[(spare + 1)..], problem) >= wish.TargetBps)
            spare++;
        var add = 0;
        for (var after = left; after < wish.TargetBps && add <= Advisor.NodesMax; after = Left(usable, problem))
        {
            usable.Add((wish.UsableBps, EmptiestDomain(usable)));
            add++;
        }

        return new Shortfall(have, add, spare, left);
    }

    /// <summary>The middle node of those that carry traffic, the smaller of two; 0 when there is none.</summary>
    public static long MedianBps(PlacementProblem problem)
    {
        var sizes = problem.Nodes
            .Where(node => node.State is PlanNodeState.Up or PlanNodeState.Cordoned)
            .Select(node => node.Capacity.Bps)
            .Order()
            .ToArray();
        return sizes.Length == 0 ? 0 : sizes[(sizes.Length - 1) / 2];
    }

    private static long Left(List<(long Bps, string Domain)> usable, PlacementProblem problem)
    {
        var nodes = usable.Select(node => node.Bps).OrderDescending().Take(problem.Protection.Nodes).Sum();
        var domain = problem.Protection.Domains == 0
            ? 0
            : usable.GroupBy(node => node.Domain).Select(group => group.Sum(node => node.Bps)).DefaultIfEmpty(0).Max();
        return usable.Sum(node => node.Bps) - Math.Max(nodes, domain);
    }

    private static string EmptiestDomain(List<(long Bps, string Domain)> usable) =>
        usable.Count == 0
            ? "new"
            : usable
                .GroupBy(node => node.Domain)
                .OrderBy(group => group.Sum(node => node.Bps))
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .First().Key;
}
