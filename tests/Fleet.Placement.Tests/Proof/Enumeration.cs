using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Proof;

/// <summary>Every placement there is of a tiny fleet.</summary>
public static class Enumeration
{
    /// <summary>Every choice of owners that the rules allow.</summary>
    public static IEnumerable<ImmutableArray<NodeName>> Owners(PlacementProblem problem) =>
        Product([.. problem.Vips.Select(vip => problem.Nodes.Where(node => MayOwn(vip, node)).Select(node => node.Name).ToArray())]);

    /// <summary>
    /// Every placement in which each VIP has all nodes that may take it as standbys, in every order: what a shorter list can do, a longer one does
    /// too.
    /// </summary>
    public static IEnumerable<ImmutableArray<Assignment>> Placements(PlacementProblem problem) =>
        Product([.. problem.Vips.Select(vip => Assignments(problem, vip).ToArray())]);

    public static double Utilisation(PlacementProblem problem, ImmutableArray<NodeName> owners) =>
        problem.Nodes.Max(node =>
            Enumerable
                .Range(0, owners.Length)
                .Where(i => owners[i] == node.Name)
                .Aggregate(Load.None, (sum, i) => sum + problem.Vips[i].Demand)
                .ShareOf(node.Capacity));

    private static bool MayOwn(PlanVip vip, PlanNode node) =>
        vip.MayLieOn(node) && (node.State == PlanNodeState.Up || (node.State == PlanNodeState.Cordoned && vip.Owner == node.Name));

    private static IEnumerable<Assignment> Assignments(PlacementProblem problem, PlanVip vip) =>
        from owner in problem.Nodes
        where MayOwn(vip, owner)
        from order in Orders(
            [.. problem.Nodes.Where(node => node != owner && node.State == PlanNodeState.Up && vip.MayLieOn(node)).Select(node => node.Name)])
        select new Assignment(vip.Address, owner.Name, order);

    private static IEnumerable<ImmutableArray<T>> Orders<T>(ImmutableArray<T> items) =>
        items.IsEmpty ? [[]] : items.SelectMany((item, i) => Orders(items.RemoveAt(i)).Select(rest => rest.Insert(0, item)));

    private static IEnumerable<ImmutableArray<T>> Product<T>(ImmutableArray<T[]> choices) =>
        choices.IsEmpty ? [[]] : choices[0].SelectMany(first => Product(choices.RemoveAt(0)).Select(rest => rest.Insert(0, first)));
}
