using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// What no placement can do better than, by counting and without any search. A plan is measured against these; none of them is too high.
/// </summary>
internal static class Bounds
{
    /// <summary>Every placement has a node at least this full in normal operation; 1 is full.</summary>
    public static double Utilisation(PlacementProblem problem) => UtilisationBound.Compute(problem);

    /// <summary>
    /// At least so many bit/s change their owner, or get one, in every plan that leaves no node fuller than <paramref name="ceiling"/> (1 is full).
    /// </summary>
    public static long MovedBps(PlacementProblem problem, double ceiling) => MoveBound.Compute(problem, _ => ceiling);

    /// <summary>Why no placement can be protected; null where counting does not tell.</summary>
    public static Shortage? Shortage(PlacementProblem problem) => new ShortageSearch(problem).Find();
}
