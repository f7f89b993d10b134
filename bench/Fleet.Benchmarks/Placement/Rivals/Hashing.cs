using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement.Rivals;

/// <summary>A way to place VIPs by hashing alone: whoever knows the nodes knows the owner, and nobody plans.</summary>
public abstract class Hashing
{
    public abstract string Name { get; }

    /// <summary>The owner and as many standbys as the protection asks for: the next nodes in the order of the hash.</summary>
    public ImmutableArray<Assignment> Place(PlacementProblem problem)
    {
        var orders = new Dictionary<(SiteName?, string?), Func<ulong, IEnumerable<NodeName>>>();
        var standbys = Math.Max(problem.Protection.Nodes, problem.Protection.Domains);
        var assignments = ImmutableArray.CreateBuilder<Assignment>(problem.Vips.Length);
        foreach (var vip in problem.Vips)
        {
            if (!orders.TryGetValue((vip.Site, vip.Segment), out var order))
                orders.Add(
                    (vip.Site, vip.Segment),
                    order = OrderOver([.. problem.Nodes.Where(node => node.State == PlanNodeState.Up && vip.MayLieOn(node))]));
            var nodes = order(HashOf(vip.Address.ToString())).Distinct().Take(standbys + 1).ToArray();
            assignments.Add(new Assignment(vip.Address, nodes[0], [.. nodes[1..]]));
        }

        return assignments.MoveToImmutable();
    }

    protected abstract Func<ulong, IEnumerable<NodeName>> OrderOver(PlanNode[] nodes);

    /// <summary>FNV-1a, and a last mixing of its bits (as in MurmurHash3).</summary>
    protected static ulong HashOf(string text)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var c in text)
            hash = (hash ^ c) * 0x100000001b3;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        return hash ^ (hash >> 29);
    }
}
