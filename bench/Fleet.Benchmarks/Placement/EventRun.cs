using Fleet.Benchmarks.Report;
using Fleet.Placement.Generator;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;

namespace Fleet.Benchmarks.Placement;

/// <summary>Lets things happen to planned fleets, and compares what the next plan moves with the least possible.</summary>
public sealed class EventRun(PlacementOptions options, TextWriter output)
{
    private const double MovesByBoundMax = 1.05;

    private static readonly (string Name, bool IsExact, Func<PlacementProblem, Random, PlacementProblem> Happens)[] Events =
    [
        ("fail one", true, (settled, random) => FleetEvents.Fail(settled, Victim(settled, random))),
        ("fail one, failed over", false, (settled, random) => FleetEvents.FailOver(settled, Victim(settled, random))),
        ("fail a domain", true, (settled, random) => FleetEvents.Fail(settled, DomainOf(settled, random))),
        ("add 10 %", false, (settled, _) => FleetEvents.Grow(settled)),
        ("drain one", false, (settled, random) => FleetEvents.Drain(settled, settled.Nodes[random.Next(settled.Nodes.Length)].Name)),
        ("drift of 1 %", false, (settled, random) => FleetEvents.Drift(settled, 0.01, random)),
        ("drift of 20 %", false, (settled, random) => FleetEvents.Drift(settled, 0.20, random)),
        ("surge", false, (settled, random) => FleetEvents.Surge(settled, random)),
    ];

    private readonly Dictionary<string, Row> _rows = Events.ToDictionary(e => e.Name, _ => new Row());
    private readonly Distribution _grown = new();
    private int _needlessMoves;

    public IEnumerable<Figure> Run()
    {
        var count = Math.Max(20, options.Instances / 10);
        var progress = new Progress("instances with events", count);
        for (var (seed, done) = (options.Seed, 0); done < count; seed++)
        {
            var shape = InstanceClasses.Draw(seed);
            if (shape.Nodes > 100 || shape.IsLumpy)
                continue;
            HappenTo(shape);
            progress.Done(++done);
        }

        Print();
        foreach (var name in Events.Where(e => e.IsExact).Select(e => e.Name))
            yield return new Figure($"moved by bound, {name}", _rows[name].Ratio, 1 + 1e-12);
        foreach (var name in new[] { "add 10 %", "drain one", "drift of 20 %", "surge" })
            yield return new Figure($"moved by bound, {name}", _rows[name].Ratio, MovesByBoundMax);
        yield return new Figure("moves for changes inside the band", _needlessMoves, 0);
        yield return new Figure("most of the demand that adding 10 % moved", _grown.Max * 100, null, " %");
    }

    private static Func<PlanNode, bool> Victim(PlacementProblem settled, Random random)
    {
        var victim = settled.Nodes[random.Next(settled.Nodes.Length)];
        return node => node.Name == victim.Name;
    }

    private static Func<PlanNode, bool> DomainOf(PlacementProblem settled, Random random)
    {
        var one = settled.Nodes[random.Next(settled.Nodes.Length)];
        return node => (node.Site, node.Domain) == (one.Site, one.Domain);
    }

    private void HappenTo(InstanceShape shape)
    {
        // A plan carried out once more is the plan of a fleet at rest.
        var settled = Outcome.Measure(Outcome.Measure(Instance.Create(shape).Problem).Settled).Settled;
        for (var i = 0; i < Events.Length; i++)
        {
            var problem = Events[i].Happens(settled, new Random((shape.Seed * 31) + i));
            var outcome = Outcome.Measure(problem);
            var row = _rows[Events[i].Name];
            row.Take(outcome);
            if (Events[i].Name == "add 10 %")
                _grown.Add((double)outcome.Certificate.MovedBps / settled.Vips.Sum(vip => vip.Demand.Bps));
            if (Events[i].Name == "drift of 1 %" && outcome.Certificate.Moves > 0 && IsInsideTheBand(problem))
            {
                _needlessMoves += outcome.Certificate.Moves;
                output.WriteLine($"needless: seed {shape.Seed}, {shape.Class}: {outcome.Certificate.Moves} moves after a drift of 1 %");
            }

            if (Row.IsFarAbove(outcome))
                output.WriteLine(
                    $"moves: seed {shape.Seed}, {shape.Class}, {Events[i].Name}: {outcome.Certificate.MovedBps / 1e9:0.00} Gbit/s moved, "
                    + $"{outcome.Certificate.MovedBpsBound / 1e9:0.00} needed");
        }
    }

    /// <summary>What lies where it does still is protected, and no node is fuller than the least highest utilisation and the band.</summary>
    private static bool IsInsideTheBand(PlacementProblem problem)
    {
        var stay = problem.Vips.Select(vip => new Assignment(vip.Address, vip.Owner!.Value, vip.Standbys));
        var certificate = Certificate.Compute(problem, new PlacementPlan([.. stay], [], []));
        return ProtectionProof.Check(problem, [.. stay]).Holds
            && certificate.UtilisationMax <= certificate.UtilisationBound * (1 + problem.Policy.BalanceBand);
    }

    private void Print()
    {
        var table = new TextTable(
            "event",
            "instances",
            "ms median",
            "ms max",
            "moved, of demand",
            "moved/bound",
            "worst",
            "within 1.05",
            "needed none, moved",
            "util/bound median",
            "max",
            "protected",
            "could not be");
        foreach (var (name, _, _) in Events)
        {
            var row = _rows[name];
            table.Add(
                name, $"{row.Times.Count}", $"{row.Times.Median:0.0}", $"{row.Times.Max:0}", $"{row.Parts.Median:P1}",
                $"{row.Ratio:0.000}", $"{row.Ratios.Max:0.00}", $"{row.Ratios.PartUpTo(MovesByBoundMax):P1}", $"{row.Needless}",
                $"{row.ByBound.Median:0.000}", $"{row.ByBound.Max:0.000}", $"{row.Protected}", $"{row.Impossible}");
        }

        table.Print(output);
    }

    private sealed class Row
    {
        private double _moved;
        private double _bound;

        public Distribution Times { get; } = new();

        public Distribution Ratios { get; } = new();

        public Distribution Parts { get; } = new();

        public Distribution ByBound { get; } = new();

        /// <summary>
        /// Plans that moved something where the bound sees nothing that must move; some restore protection, which the bound does not see.
        /// </summary>
        public int Needless { get; private set; }

        public int Protected { get; private set; }

        public int Impossible { get; private set; }

        public double Ratio => _bound > 0 ? _moved / _bound : _moved > 0 ? double.PositiveInfinity : 1;

        public void Take(Outcome outcome)
        {
            Times.Add(outcome.Milliseconds);
            ByBound.Add(outcome.UtilisationByBound);
            _moved += outcome.Certificate.MovedBps;
            _bound += outcome.Certificate.MovedBpsBound;
            Parts.Add((double)outcome.Certificate.MovedBps / outcome.Problem.Vips.Sum(vip => vip.Demand.Bps));
            if (outcome.Certificate.MovedBpsBound > 0)
                Ratios.Add((double)outcome.Certificate.MovedBps / outcome.Certificate.MovedBpsBound);
            else if (outcome.Certificate.MovedBps > 0)
                Needless++;
            if (outcome.Verdict.Holds)
                Protected++;
            else if (Bounds.Shortage(outcome.Problem) is not null)
                Impossible++;
        }

        /// <summary>Twice the bound, and a part of the fleet that matters.</summary>
        public static bool IsFarAbove(Outcome outcome) =>
            outcome.Certificate.MovedBps > (2 * outcome.Certificate.MovedBpsBound)
                && outcome.Certificate.MovedBps * 50 > outcome.Problem.Vips.Sum(vip => vip.Demand.Bps);
    }
}
