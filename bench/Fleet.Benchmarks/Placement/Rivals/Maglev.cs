using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Placement.Rivals;

/// <summary>
/// Maglev's table (Eisenbud et al., 2016, section 3.4): nodes take turns, by capacity, to claim the next free slot of their own order; a VIP belongs
/// to its slot.
/// </summary>
public sealed class Maglev : Hashing
{
    /// <summary>A prime, as the paper asks, and a hundred times the nodes of the instances it is used on.</summary>
    private const int Slots = 16_381;

    public override string Name => "Maglev table";

    protected override Func<ulong, IEnumerable<NodeName>> OrderOver(PlanNode[] nodes)
    {
        var table = Table(nodes);
        return hash => Enumerable.Range(0, Slots).Select(i => nodes[table[(int)((hash % Slots) + (ulong)i) % Slots]].Name);
    }

    private static int[] Table(PlanNode[] nodes)
    {
        var largest = nodes.Max(node => (double)node.Capacity.Bps);
        var table = new int[Slots];
        Array.Fill(table, -1);
        var (next, credit) = (new int[nodes.Length], new double[nodes.Length]);
        for (var (filled, i) = (0, 0); filled < Slots; i = (i + 1) % nodes.Length)
        {
            credit[i] += nodes[i].Capacity.Bps / largest;
            if (credit[i] < 1)
                continue;
            credit[i]--;
            var offset = HashOf($"{nodes[i].Name}!") % Slots;
            var skip = (HashOf($"{nodes[i].Name}?") % (Slots - 1)) + 1;
            int slot;
            do
                slot = (int)((offset + ((ulong)next[i]++ * skip)) % Slots);
            while (table[slot] >= 0);
            table[slot] = i;
            filled++;
        }

        return table;
    }
}
