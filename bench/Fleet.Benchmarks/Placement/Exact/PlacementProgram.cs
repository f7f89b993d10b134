using System.Globalization;
using System.Text;
using Fleet.Placement.Model;

namespace Fleet.Benchmarks.Placement.Exact;

/// <summary>
/// A problem as a mixed-integer program in the LP format. One binary variable for each VIP and each order of k+1 nodes, owner first; for each set of
/// at most k nodes that fail and each survivor, what comes to lie on it is within its limit. In bit/s; nodes are all up and eligible.
/// </summary>
public sealed class PlacementProgram(PlacementProblem problem)
{
    private readonly int _nodes = problem.Nodes.Length;
    private readonly int _k = problem.Protection.Nodes;

    /// <summary>The program in the LP format of CPLEX, which cbc reads.</summary>
    /// <param name="utilisationMax">
    /// Ask for the least highest utilisation in normal operation, not above this; null asks for any protected placement.
    /// </param>
    public string Write(double? utilisationMax)
    {
        var orders = Orders([]).ToArray();
        var text = new StringBuilder("Minimize\n obj: t\nSubject To\n");
        for (var vip = 0; vip < problem.Vips.Length; vip++)
            text.Append(
                CultureInfo.InvariantCulture,
                $" v{vip}: {string.Join(" + ", Enumerable.Range(0, orders.Length).Select(order => $"z{vip}_{order}"))} = 1\n");
        foreach (var failed in FailureSets())
        {
            for (var node = 0; node < _nodes; node++)
            {
                if ((failed >> node & 1) == 0)
                    Row(text, $"f{failed}_{node}", orders, failed, node, $"<= {Units(problem.LimitOf(problem.Nodes[node]).Bps)}");
            }
        }

        for (var node = 0; node < _nodes && utilisationMax is not null; node++)
            Row(text, $"u{node}", orders, 0, node, $"- {Units(problem.Nodes[node].Capacity.Bps)} t <= 0");
        text.Append(CultureInfo.InvariantCulture, $"Bounds\n 0 <= t <= {utilisationMax ?? 1:0.#########}\n");
        BreakSymmetry(text, orders);
        text.Append("Binaries\n");
        for (var vip = 0; vip < problem.Vips.Length; vip++)
            text.Append(
                CultureInfo.InvariantCulture, $" {string.Join(' ', Enumerable.Range(0, orders.Length).Select(order => $"z{vip}_{order}"))}\n");
        return text.Append("End\n").ToString();
    }

    /// <summary>Equal nodes have no names: the i-th VIP, largest first, lies on one of the first i nodes.</summary>
    private void BreakSymmetry(StringBuilder text, int[][] orders)
    {
        if (problem.Nodes.Select(node => node.Capacity).Distinct().Count() > 1)
            return;
        var largestFirst = Enumerable.Range(0, problem.Vips.Length).OrderByDescending(vip => problem.Vips[vip].Demand.Bps).Take(_nodes).ToArray();
        for (var rank = 0; rank < largestFirst.Length; rank++)
        {
            foreach (var order in Enumerable.Range(0, orders.Length).Where(order => orders[order][0] > rank))
                text.Append(CultureInfo.InvariantCulture, $" z{largestFirst[rank]}_{order} = 0\n");
        }
    }

    private void Row(StringBuilder text, string name, int[][] orders, int failed, int node, string end)
    {
        text.Append(CultureInfo.InvariantCulture, $" {name}:");
        for (var vip = 0; vip < problem.Vips.Length; vip++)
        {
            for (var order = 0; order < orders.Length; order++)
            {
                if (orders[order].First(n => (failed >> n & 1) == 0) == node)
                    text.Append(CultureInfo.InvariantCulture, $" + {Units(problem.Vips[vip].Demand.Bps)} z{vip}_{order}");
            }

            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $" {end}\n");
    }

    /// <summary>Gbit/s, which solvers like better than bit/s.</summary>
    private static string Units(long bps) => (bps / 1e9).ToString("0.#########", CultureInfo.InvariantCulture);

    private IEnumerable<int> FailureSets() => Enumerable.Range(0, 1 << _nodes).Where(set => int.PopCount(set) <= _k);

    private IEnumerable<int[]> Orders(int[] before) =>
        before.Length > _k
            ? [before]
            : Enumerable.Range(0, _nodes).Where(node => !before.Contains(node)).SelectMany(node => Orders([.. before, node]));
}
