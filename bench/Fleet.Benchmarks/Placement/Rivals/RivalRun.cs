using System.Collections.Immutable;
using Fleet.Benchmarks.Report;
using Fleet.Placement.Generator;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;

namespace Fleet.Benchmarks.Placement.Rivals;

/// <summary>
/// The same fleets placed by the planner and by hashing: how full the fullest node gets, how often a failure overloads a survivor, and what one more
/// node in ten moves.
/// </summary>
public sealed class RivalRun(PlacementOptions options, TextWriter output)
{
    public void Run()
    {
        var count = Math.Max(20, options.Instances / 20);
        var (planner, hashings) = (new Row(), new (Hashing Hashing, Row Row)[] { (new HashRing(), new Row()), (new Maglev(), new Row()) });
        var progress = new Progress("comparisons", count);
        for (var (seed, done) = (options.Seed, 0); done < count; seed++)
        {
            var shape = InstanceClasses.Draw(seed);
            if (shape.Nodes > 100 || shape.IsLumpy)
                continue;
            var problem = Instance.Create(shape with { Start = StartState.Fresh }).Problem;
            var planned = Outcome.Measure(problem);
            planner.Take(problem, planned.Plan.Assignments, Outcome.Measure(FleetEvents.Grow(planned.Settled)).Plan.Assignments);
            foreach (var (hashing, row) in hashings)
                row.Take(problem, hashing.Place(problem), hashing.Place(FleetEvents.Grow(problem)));
            progress.Done(++done);
        }

        var table = new TextTable(
            "placed by", "instances", "util/bound median", "max", "overload a survivor", "fullest survivor, median", "moved by +10 %, median", "max");
        planner.Print(table, "the planner");
        foreach (var (hashing, row) in hashings)
            row.Print(table, hashing.Name);
        table.Print(output);
    }

    private sealed class Row
    {
        private readonly Distribution _byBound = new();
        private readonly Distribution _fullest = new();
        private readonly Distribution _moved = new();
        private int _violations;

        public void Take(PlacementProblem problem, ImmutableArray<Assignment> placed, ImmutableArray<Assignment> grown)
        {
            var certificate = Certificate.Compute(problem, new PlacementPlan(placed, [], []));
            var verdict = ProtectionProof.Check(problem, placed);
            _byBound.Add(certificate.UtilisationMax / certificate.UtilisationBound);
            _fullest.Add((verdict.UtilisationMax ?? 0) / problem.Protection.UtilisationMax);
            _violations += verdict.Holds ? 0 : 1;
            var demands = problem.Vips.ToDictionary(vip => vip.Address, vip => vip.Demand.Bps);
            var owners = grown.ToDictionary(assignment => assignment.Address, assignment => assignment.Owner);
            _moved.Add(
                (double)placed
                    .Where(assignment => owners[assignment.Address] != assignment.Owner)
                    .Sum(assignment => demands[assignment.Address])
                / demands.Values.Sum());
        }

        public void Print(TextTable table, string name) => table.Add(
            name,
            $"{_byBound.Count}",
            $"{_byBound.Median:0.00}",
            $"{_byBound.Max:0.00}",
            $"{(double)_violations / Math.Max(1, _byBound.Count):P0}",
            $"{_fullest.Median:0.00}",
            $"{_moved.Median:P1}", $"{_moved.Max:P1}");
    }
}
