using Fleet.Benchmarks.Report;
using Fleet.Placement.Generator;
using Fleet.Placement.Model;
using Fleet.Placement.Planning;

namespace Fleet.Benchmarks.Placement;

/// <summary>Plans every instance of which a good placement is known, and asks proof and bounds about each.</summary>
public sealed class PlanningRun(PlacementOptions options, TextWriter output)
{
    private const double UtilisationByBoundMax = 1.02;
    private const int ShuffledOneIn = 10;
    private readonly Dictionary<string, Row> _rows = InstanceClasses.Names.ToDictionary(name => name, _ => new Row());

    private int _differing;

    public IEnumerable<Figure> Run()
    {
        var progress = new Progress("instances", options.Instances);
        for (var i = 0; i < options.Instances; i++)
        {
            var shape = InstanceClasses.Draw(options.Seed + i);
            if (!options.IsQuick || shape.Nodes <= 100)
                Take(Instance.Create(shape));
            progress.Done(i);
        }

        Print();
        var sized = _rows.Where(row => row.Key != "lumpy").Select(row => row.Value).ToArray();
        var all = _rows.Values.Sum(row => row.Times.Count);
        yield return new Figure($"violations in {all} instances with a known placement", _rows.Values.Sum(row => row.Violations), 0);
        yield return new Figure("plans that differ when nodes and VIPs are listed in another order", _differing, 0);
        yield return new Figure(
            "plans within 1.02 of the utilisation bound, where VIPs are within share-max",
            Part(sized, row => row.ByBound) * 100,
            100,
            " %",
            IsLeast: true);
        yield return new Figure(
            "plans within 1.02 of the utilisation bound, from no owners, within share-max", Part(sized, row => row.FreshByBound) * 100, null, " %");
    }

    private static double Part(Row[] rows, Func<Row, Distribution> of) =>
        rows.Sum(row => of(row).PartUpTo(UtilisationByBoundMax) * of(row).Count) / Math.Max(1, rows.Sum(row => of(row).Count));

    private void Take(Instance instance)
    {
        var outcome = Outcome.Measure(instance.Problem);
        var row = _rows[instance.Shape.Class];
        row.Times.Add(outcome.Milliseconds);
        row.Fills.Add(instance.Fill);
        row.ByBound.Add(outcome.UtilisationByBound);
        if (instance.Shape.Start == StartState.Fresh)
            row.FreshByBound.Add(outcome.UtilisationByBound);
        else
            (row.Moved, row.MovedBound) = (row.Moved + outcome.Certificate.MovedBps, row.MovedBound + outcome.Certificate.MovedBpsBound);
        row.Spreads.Add(outcome.SurvivorSpread());
        if (instance.Shape.Seed % ShuffledOneIn == 0 && !IsTheSameShuffled(outcome))
        {
            _differing++;
            output.WriteLine($"differs when listed in another order: seed {instance.Shape.Seed}, {instance.Shape.Class}");
        }

        if (outcome.Verdict.Holds)
            return;
        row.Violations++;
        output.WriteLine($"violation: seed {instance.Shape.Seed}, {instance.Shape.Class}: {Why(outcome)}");
    }

    private static bool IsTheSameShuffled(Outcome outcome)
    {
        var random = new Random(1);
        var (nodes, vips) = (outcome.Problem.Nodes.ToArray(), outcome.Problem.Vips.ToArray());
        random.Shuffle(nodes);
        random.Shuffle(vips);
        return Text(Planner.Plan(outcome.Problem with { Nodes = [.. nodes], Vips = [.. vips] })) == Text(outcome.Plan);
    }

    private static string Text(PlacementPlan plan) => string.Join(
        '\n',
        plan.Assignments
            .Select(a => $"{a.Address} {a.Owner} {string.Join(' ', a.Standbys)}")
            .Concat(plan.Moves.Select(move => $"{move}"))
            .Concat(plan.Unplaced.Select(u => $"{u}")));

    private static string Why(Outcome outcome) =>
        outcome.Verdict.Broken.FirstOrDefault() ?? (outcome.Verdict.Worst!.Failed.IsEmpty
            ? $"{outcome.Verdict.Worst.Node} at {outcome.Verdict.UtilisationMax:0.0000} with no failure at all"
            : $"{outcome.Verdict.Worst.Node} at {outcome.Verdict.UtilisationMax:0.0000} after the failure of "
                + $"{string.Join(", ", outcome.Verdict.Worst.Failed)}");

    private void Print()
    {
        var table = new TextTable(
            "class",
            "instances",
            "fill min",
            "mean",
            "max",
            "ms median",
            "ms max",
            "util/bound median",
            "max",
            "within 1.02",
            "moved/bound",
            "spread median",
            "violations");
        foreach (var (name, row) in _rows.Where(row => row.Value.Times.Count > 0))
        {
            table.Add(
                name,
                $"{row.Times.Count}",
                $"{row.Fills.Min:0.00}",
                $"{row.Fills.Mean:0.00}",
                $"{row.Fills.Max:0.00}",
                $"{row.Times.Median:0.0}",
                $"{row.Times.Max:0}",
                $"{row.ByBound.Median:0.000}", $"{row.ByBound.Max:0.000}", $"{row.ByBound.PartUpTo(UtilisationByBoundMax):P1}",
                row.MovedBound == 0 ? "-" : $"{row.Moved / row.MovedBound:0.00}", $"{row.Spreads.Median:0.0}", $"{row.Violations}");
        }

        table.Print(output);
    }

    private sealed class Row
    {
        public Distribution Times { get; } = new();

        public Distribution Fills { get; } = new();

        public Distribution ByBound { get; } = new();

        public Distribution FreshByBound { get; } = new();

        public Distribution Spreads { get; } = new();

        public double Moved { get; set; }

        public double MovedBound { get; set; }

        public int Violations { get; set; }
    }
}
