using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>Finds owners and standbys for all VIPs of a problem.</summary>
public static class Planner
{
    /// <summary>Equal problems give equal plans, in whatever order their nodes and VIPs are listed.</summary>
    public static PlacementPlan Plan(PlacementProblem problem) => new([], [], []);
}
