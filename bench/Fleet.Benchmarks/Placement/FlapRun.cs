using Fleet.Benchmarks.Report;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Placement.Generator;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement;

/// <summary>
/// A node that is up for 2 s and down for 2 s, for ten minutes, in a fleet that fails over at once, plans at once and carries every plan out before
/// the next blow; the coordinator's damping says when the node is let in again, and when it is given anything.
/// </summary>
public sealed class FlapRun(TextWriter output)
{
    private const int Fleets = 6;
    private const int MovesMax = 4;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);

    public IEnumerable<Figure> Run()
    {
        var table = new TextTable("flapping node", "nodes", "VIPs", "returns", "moves", "most of one VIP");
        var most = 0;
        for (var (seed, done) = (0, 0); done < Fleets; seed++)
        {
            var shape = InstanceClasses.Draw(seed);
            if (shape.Nodes > 60 || shape.IsLumpy)
                continue;
            var (returns, moves) = Flap(Outcome.Measure(Outcome.Measure(Instance.Create(shape).Problem).Settled).Settled);
            most = Math.Max(most, moves.Values.Max());
            table.Add($"seed {seed}", $"{shape.Nodes}", $"{moves.Count}", $"{returns}", $"{moves.Values.Sum()}", $"{moves.Values.Max()}");
            done++;
        }

        table.Print(output);
        yield return new Figure("moves of one VIP while a node flaps for ten minutes", most, MovesMax);
    }

    private static (int Returns, Dictionary<VipAddress, int> Moves) Flap(PlacementProblem fleet)
    {
        var flapper = fleet.Nodes[0].Name;
        var node = new NodeObserved { LastHeard = default, LastLost = Instant.Never };
        var moves = fleet.Vips.ToDictionary(vip => vip.Address, _ => 0);
        var (isIn, returns) = (true, 0);
        for (var now = new Instant(0) + Phase; now < new Instant(0) + Duration; now += Phase)
        {
            var isUp = now.Micros / (2 * (long)Phase.TotalMicroseconds) * 2 != now.Micros / (long)Phase.TotalMicroseconds;
            if (!isUp && isIn)
            {
                (node, isIn) = (FlapDamping.CountLoss(node, now), false);
                fleet = After(fleet, FleetEvents.FailOver(fleet, n => n.Name == flapper), moves);
            }
            else if (isUp && !isIn && now - node.LastLost >= FlapDamping.Delay(node))
            {
                (node, isIn, returns) = (FlapDamping.CountReturn(node, now), true, returns + 1);
            }

            if (isIn)
                fleet = In(fleet, flapper, FlapDamping.IsOnProbation(node, now) ? PlanNodeState.Cordoned : PlanNodeState.Up);
            fleet = After(fleet, Outcome.Measure(fleet).Settled, moves);
        }

        return (returns, moves);
    }

    private static PlacementProblem In(PlacementProblem fleet, NodeName node, PlanNodeState state) =>
        fleet with { Nodes = [.. fleet.Nodes.Select(n => n.Name == node ? n with { State = state } : n)] };

    private static PlacementProblem After(PlacementProblem before, PlacementProblem after, Dictionary<VipAddress, int> moves)
    {
        foreach (var (from, to) in before.Vips.Zip(after.Vips))
            moves[from.Address] += from.Owner == to.Owner ? 0 : 1;
        return after;
    }
}
