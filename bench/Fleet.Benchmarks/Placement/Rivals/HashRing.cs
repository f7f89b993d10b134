using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement.Rivals;

/// <summary>Consistent hashing (Karger et al., 1997): every node has points on a ring by its capacity; a VIP belongs to the next point.</summary>
public sealed class HashRing : Hashing
{
    private const double PointsOfAverageNode = 100;

    public override string Name => "hash ring";

    protected override Func<ulong, IEnumerable<NodeName>> OrderOver(PlanNode[] nodes)
    {
        var average = nodes.Average(node => (double)node.Capacity.Bps);
        var points = nodes.SelectMany(node =>
            Enumerable
                .Range(0, (int)(PointsOfAverageNode * node.Capacity.Bps / average))
                .Select(i => (Hash: HashOf($"{node.Name}#{i}"), node.Name)))
            .OrderBy(point => point.Hash).ToArray();
        var hashes = points.Select(point => point.Hash).ToArray();
        return hash => From(Array.BinarySearch(hashes, hash) is var at && at < 0 ? ~at : at);

        IEnumerable<NodeName> From(int at) => Enumerable.Range(0, points.Length).Select(i => points[(at + i) % points.Length].Name);
    }
}
