using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// Finds an owner and standbys for every VIP, in this order. What nobody serves goes to its first live standby, or where it fits best. Nodes that are
/// overloaded, or fuller than the band allows, give away as little as brings them down. Standbys are named. If some failure would then be too much,
/// VIPs move until it is not. What is inside the band stays where it is, so that planning again after a plan is carried out moves nothing.
/// </summary>
internal static class Planner
{
    /// <summary>Equal problems give equal plans, in whatever order their nodes and VIPs are listed.</summary>
    public static PlacementPlan Plan(PlacementProblem problem)
    {
        var instance = new IndexedProblem(problem);
        var draft = new Draft(instance);
        draft.Recover();
        draft.Balance();
        draft.Protect();
        return Written(instance, draft);
    }

    private static PlacementPlan Written(IndexedProblem instance, Draft draft)
    {
        var unplaced = Enumerable.Range(0, instance.Vips.Length)
            .Where(v => draft.Layout.OwnerOf(v) == IndexedProblem.Nobody)
            .Select(v => new Unplaced(instance.Vips[v].Address, WhyUnplaced(instance.Vips[v], instance.Nodes)));
        return new PlacementPlan(draft.Succession.Assignments(), RecoveryOrder.Sort(instance, draft.Layout, draft.ReasonOf), [.. unplaced]);
    }

    private static string WhyUnplaced(PlanVip vip, PlanNode[] nodes)
    {
        var where = (vip.Site, vip.Segment) switch
        {
            (null, null) => "",
            ({ } site, null) => $" in site {site}",
            (null, { } segment) => $" in segment {segment}",
            ({ } site, { } segment) => $" in site {site} and segment {segment}",
        };
        var fitting = nodes.Count(vip.MayLieOn);
        return fitting == 0 ? $"there is no node{where}" : $"none of the {fitting} nodes{where} takes VIPs";
    }
}
