using Fleet.Benchmarks.Report;
using Fleet.Placement.Generator;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;

namespace Fleet.Benchmarks.Placement.Exact;

/// <summary>
/// Small fleets with large VIPs, near what the protection allows or above: does the planner find a protected placement where there is one, and how
/// near to the least highest utilisation is it? The solver is asked where the bounds do not settle it: a plan that holds shows that there is one, a
/// shortage that there is none, and a plan within 1 % of the utilisation bound is within 1 % of the optimum.
/// </summary>
public sealed class ExactRun(PlacementOptions options, TextWriter output)
{
    private const double NearOptimum = 1.01;

    /// <summary>Any solution is an answer: the gap between it and the optimum may be as wide as it gets.</summary>
    private const double AnySolution = 1;

    private readonly int _seconds = options.IsQuick ? 5 : 15;
    private readonly Dictionary<string, int> _counts = [];
    private readonly Distribution _byOptimum = new();

    public IEnumerable<Figure> Run()
    {
        if (!Cbc.IsInstalled)
        {
            output.WriteLine("No comparison with the optimum: cbc is not installed (./fleet setup).\n");
            yield break;
        }

        var count = options.IsQuick ? 30 : 150;
        var progress = new Progress("small instances", count);
        for (var i = 0; i < count; i++)
        {
            Compare(SmallInstance.Draw(options.Seed + i), options.Seed + i);
            progress.Done(i);
        }

        Print();
        var exists = CountOf("protected") + CountOf("missed");
        yield return new Figure(
            $"protection found of {exists} small instances that have it",
            100.0 * CountOf("protected") / Math.Max(1, exists),
            99,
            " %",
            IsLeast: true);
        yield return new Figure(
            $"of {_byOptimum.Count} protected plans whose optimum is known, within 1 % of the least highest utilisation",
            100 * _byOptimum.PartUpTo(NearOptimum),
            100,
            " %",
            IsLeast: true);
    }

    private int CountOf(string what) => _counts.GetValueOrDefault(what);

    private void Count(string what) => _counts[what] = CountOf(what) + 1;

    private void Compare(PlacementProblem problem, int seed)
    {
        var outcome = Outcome.Measure(problem);
        if (outcome.Verdict.Holds)
        {
            Count("protected");
            CompareUtilisation(outcome, seed);
            return;
        }

        if (Bounds.Shortage(problem) is not null)
        {
            Count("impossible by the bounds");
            return;
        }

        var solved = Cbc.Solve(new PlacementProgram(problem).Write(null), _seconds, AnySolution);
        Count(solved.Best is not null ? "missed" : solved.IsProven ? "impossible by the solver" : "not settled");
        if (solved.Best is not null)
            output.WriteLine($"missed: seed {seed}, {Words(problem)}: the solver finds a protected placement");
    }

    private void CompareUtilisation(Outcome outcome, int seed)
    {
        if (outcome.UtilisationByBound <= NearOptimum)
        {
            _byOptimum.Add(outcome.UtilisationByBound);
            Count("within 1 % by the bound");
            return;
        }

        var better = outcome.Certificate.UtilisationMax / NearOptimum;
        var solved = Cbc.Solve(new PlacementProgram(outcome.Problem).Write(better), _seconds, AnySolution);
        Count(
            solved.Best is not null
                ? "more than 1 % above what the solver finds"
                : solved.IsProven
                ? "within 1 % by the solver"
                : "not settled whether within 1 %");
        if (solved.Best is { } found)
        {
            _byOptimum.Add(outcome.Certificate.UtilisationMax / found);
            output.WriteLine(
                $"above the optimum: seed {seed}, {Words(outcome.Problem)}: {outcome.Certificate.UtilisationMax:0.0000}, the solver {found:0.0000}, "
                + $"the bound {outcome.Certificate.UtilisationBound:0.0000}");
        }
        else if (solved.IsProven)
        {
            _byOptimum.Add(NearOptimum);
        }
    }

    private static string Words(PlacementProblem problem) =>
        $"{problem.Nodes.Length} nodes, {problem.Vips.Length} VIPs, k = {problem.Protection.Nodes}";

    private void Print()
    {
        var table = new TextTable("small instances", "count");
        foreach (var (what, count) in _counts.OrderBy(c => c.Key, StringComparer.Ordinal))
            table.Add(what, $"{count}");
        table.Add("utilisation by the optimum, most", $"{_byOptimum.Max:0.000}");
        table.Print(output);
    }
}
