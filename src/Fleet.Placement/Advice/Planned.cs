using Fleet.Placement.Model;
using Fleet.Placement.Planning;
using Fleet.Placement.Proof;

namespace Fleet.Placement.Advice;

/// <summary>A plan with all that can be said about it.</summary>
/// <param name="Shortage">Why no placement at all could be protected; null when counting does not tell, and when this one is protected.</param>
public sealed record Planned(PlacementProblem Problem, PlacementPlan Plan, ProtectionVerdict Verdict, Certificate Certificate, Shortage? Shortage)
{
    /// <summary>Everything is placed, and every failure that the protection covers may happen.</summary>
    public bool IsSound => Verdict.Holds && Plan.Unplaced.IsEmpty;

    public static Planned Compute(PlacementProblem problem)
    {
        var plan = Planner.Plan(problem);
        var verdict = ProtectionProof.Check(problem, plan.Assignments);
        return new Planned(problem, plan, verdict, Certificate.Compute(problem, plan), verdict.Holds ? null : Bounds.Shortage(problem));
    }
}
