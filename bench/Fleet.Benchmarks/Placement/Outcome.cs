using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Placement.Model;
using Fleet.Placement.Planning;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement;

/// <summary>A plan, how long it took, and what proof and bounds say of it.</summary>
public sealed record Outcome(PlacementProblem Problem, PlacementPlan Plan, double Milliseconds, ProtectionVerdict Verdict, Certificate Certificate)
{
    public double UtilisationByBound => Certificate.UtilisationBound > 0 ? Certificate.UtilisationMax / Certificate.UtilisationBound : 1;

    /// <summary>The problem once the plan is carried out.</summary>
    public PlacementProblem Settled
    {
        get
        {
            var assignments = Plan.Assignments.ToDictionary(assignment => assignment.Address);
            return Problem with
            {
                Vips =
                [
                    .. Problem.Vips.Select(vip =>
                        assignments.TryGetValue(vip.Address, out var a)
                            ? vip with { Owner = a.Owner, Standbys = a.Standbys }
                            : vip with { Owner = null }),
                ],
            };
        }
    }

    public static Outcome Measure(PlacementProblem problem)
    {
        var watch = Stopwatch.StartNew();
        var plan = Planner.Plan(problem);
        var time = watch.Elapsed.TotalMilliseconds;
        return new Outcome(problem, plan, time, ProtectionProof.Check(problem, plan.Assignments), Certificate.Compute(problem, plan));
    }

    /// <summary>
    /// How unevenly the VIPs of a node spread over the others when it fails: the largest part of its demand that one survivor takes, times the number
    /// of survivors; the worst of all nodes. 1 is even.
    /// </summary>
    public double SurvivorSpread()
    {
        var demands = Problem.Vips.ToDictionary(vip => vip.Address, vip => vip.Demand.Bps);
        var taken = new Dictionary<(NodeName Owner, NodeName Successor), long>();
        foreach (var assignment in Plan.Assignments.Where(assignment => !assignment.Standbys.IsEmpty))
        {
            var key = (assignment.Owner, assignment.Standbys[0]);
            taken[key] = taken.GetValueOrDefault(key) + demands[assignment.Address];
        }

        var loads = Plan.Assignments
            .GroupBy(assignment => assignment.Owner)
            .ToDictionary(owner => owner.Key, owner => owner.Sum(a => demands[a.Address]));
        return taken.Count == 0 ? 0 : taken.Max(t => loads[t.Key.Owner] == 0 ? 0 : (double)t.Value / loads[t.Key.Owner]) * (Problem.Nodes.Length - 1);
    }
}
