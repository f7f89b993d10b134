using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Benchmarks.Report;
using Fleet.Placement.Generator;
using Fleet.Placement.Model;
using Fleet.Placement.Planning;
using Fleet.Placement.Proof;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement;

/// <summary>Two fleets against the clock: a full plan of a settled fleet and its proof, and the look-up of what a dead node's VIPs do.</summary>
public sealed class ScaleRun(PlacementOptions options, TextWriter output)
{
    private const int Repeats = 9;
    private const int WarmUps = 100;
    private const double Megabyte = 1e6;
    private const string Growth = "+10 %";

    public IEnumerable<Figure> Run()
    {
        var table = new TextTable(
            "fleet",
            "start",
            "plan ms",
            "proof ms",
            "both, median",
            "processor",
            "allocated MB",
            "heap peak MB",
            "failover ms",
            "moved",
            "spread",
            "util/bound",
            "holds");
        // The first plans of a process measure the compiler.
        foreach (var shape in Enumerable.Range(0, WarmUps).Select(InstanceClasses.Draw).Where(shape => shape.Nodes <= 100))
            Outcome.Measure(Instance.Create(shape).Problem);
        var cases = new[] { (100, 2_000, 50.0), (1_000, 50_000, 1_000.0) }.Where(fleet => fleet.Item1 == 100 || !options.IsQuick);
        foreach (var (nodes, vips, limit) in cases)
        {
            // Twenty VIPs a node cannot all be within share-max of a full node.
            var size = new InstanceShape(
                "scale",
                1,
                nodes,
                vips,
                nodes == 100 ? DemandShape.Uniform : DemandShape.LogNormal,
                40,
                1,
                false,
                1,
                1,
                false,
                nodes == 100,
                0.85,
                StartState.Fresh);
            foreach (var figure in Measure(size, limit, table))
                yield return figure;
        }

        yield return Spread(table);
    }

    /// <summary>A node's VIPs can be spread evenly over 99 survivors only where it has more than that.</summary>
    private Figure Spread(TextTable table)
    {
        var fine = Outcome.Measure(
            Instance.Create(
                new InstanceShape("scale", 2, 100, 20_000, DemandShape.Uniform, 40, 1, false, 1, 0, false, false, 0.9, StartState.Fresh)).Problem);
        table.Add(
            "100 nodes, 20000 VIPs",
            "fresh",
            $"{fine.Milliseconds:0.0}",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            $"{fine.SurvivorSpread():0.00}",
            $"{fine.UtilisationByBound:0.000}",
            $"{fine.Verdict.Holds}");
        table.Print(output);
        return new Figure("largest share of one failure by one of 99 survivors, times 99", fine.SurvivorSpread(), 2);
    }

    private static IEnumerable<Figure> Measure(InstanceShape shape, double limit, TextTable table)
    {
        var name = $"{shape.Nodes} nodes, {shape.Vips} VIPs";
        var fresh = Instance.Create(shape).Problem;
        var settled = Outcome.Measure(fresh).Settled;
        double worst = 0, heap = 0;
        var starts = new[]
        {
            ("fresh", fresh), ("settled", settled), ("one node dead", FleetEvents.Fail(settled, node => node.Name == settled.Nodes[0].Name)),
            (Growth, FleetEvents.Grow(settled)),
        };
        foreach (var (start, problem) in starts)
        {
            var (plan, proof, both, processor) = (new Distribution(), new Distribution(), new Distribution(), new Distribution());
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Repeats; i++)
                Once(problem, plan, proof, both, processor);
            var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / Repeats / Megabyte;
            var peak = HeapPeak(problem);
            var outcome = Outcome.Measure(problem);
            table.Add(
                name,
                start,
                $"{plan.Median:0.0}",
                $"{proof.Median:0.0}",
                $"{both.Median:0.0}",
                $"{processor.Median:0.0}",
                $"{allocated:0.0}",
                $"{peak:0.0}",
                $"{FailoverMilliseconds(outcome.Settled):0.00}",
                $"{Moved(outcome):0.0} %", $"{outcome.SurvivorSpread():0.0}", $"{outcome.UtilisationByBound:0.000}", $"{outcome.Verdict.Holds}");
            if (start == Growth && shape.Nodes == 100)
                yield return new Figure("demand that growing 100 to 110 nodes moves", Moved(outcome), 10.5, " %");
            (worst, heap) = (Math.Max(worst, processor.Median), Math.Max(heap, peak));
        }

        yield return new Figure($"plan and proof of {name}, the slowest start's median processor time", worst, limit, " ms");
        yield return new Figure($"heap of plan and proof of {name}, above the problem", heap, 100, " MB");
        yield return new Figure($"failover look-up of {name}", FailoverMilliseconds(settled), 5, " ms");
    }

    private static double Moved(Outcome outcome) => 100.0 * outcome.Certificate.MovedBps / outcome.Problem.Vips.Sum(vip => vip.Demand.Bps);

    /// <summary>On a busy machine the processor's time, the collector's included, says more than the clock.</summary>
    private static void Once(PlacementProblem problem, Distribution plan, Distribution proof, Distribution both, Distribution processor)
    {
        var (watch, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var planned = Planner.Plan(problem);
        var planning = watch.Elapsed.TotalMilliseconds;
        ProtectionProof.Check(problem, planned.Assignments);
        var all = watch.Elapsed.TotalMilliseconds;
        plan.Add(planning);
        proof.Add(all - planning);
        both.Add(all);
        processor.Add((Environment.CpuUsage.TotalTime - busy).TotalMilliseconds);
    }

    /// <summary>The most that is on the heap at once, seen every millisecond, garbage that was not collected yet included.</summary>
    private static double HeapPeak(PlacementProblem problem)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0;
        using var done = new ManualResetEventSlim();
        var witness = new Thread(() =>
        {
            while (!done.Wait(1))
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
        });
        witness.Start();
        var plan = Planner.Plan(problem);
        ProtectionProof.Check(problem, plan.Assignments);
        peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
        done.Set();
        witness.Join();
        return (peak - before) / Megabyte;
    }

    /// <summary>From the loss of a node to the next owner of every VIP it had, by looking at each VIP of the fleet once.</summary>
    private static double FailoverMilliseconds(PlacementProblem settled)
    {
        var times = new Distribution();
        foreach (var node in settled.Nodes.Where(node => node.State == PlanNodeState.Up).Take(Repeats))
        {
            var watch = Stopwatch.StartNew();
            var moves = LookUp(settled, node.Name);
            times.Add(watch.Elapsed.TotalMilliseconds);
            if (moves.IsEmpty)
                throw new InvalidOperationException($"{node.Name} had nothing.");
        }

        return times.Median;
    }

    private static ImmutableArray<PlannedMove> LookUp(PlacementProblem settled, NodeName lost)
    {
        var moves = ImmutableArray.CreateBuilder<PlannedMove>();
        foreach (var vip in settled.Vips)
        {
            if (vip.Owner == lost && !vip.Standbys.IsEmpty)
                moves.Add(new PlannedMove(vip.Address, lost, vip.Standbys[0], MoveReason.OwnerLost));
        }

        return moves.ToImmutable();
    }
}
