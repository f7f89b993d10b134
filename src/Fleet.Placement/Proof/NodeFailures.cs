namespace Fleet.Placement.Proof;

/// <summary>
/// Finds the worst set of at most k nodes: for each survivor and dimension, the k nodes whose failure brings it most (see <see cref="Inheritance"/>). Branch and bound:
/// sets that cannot be worse than the worst seen (see <see cref="SearchLevel"/>) are not looked at one by one.
/// </summary>
internal sealed class NodeFailures
{
    private readonly PlacedFleet fleet;
    private readonly WorstSoFar worst;
    private readonly int k;
    private readonly long visitsMax;
    private readonly Inheritance inheritance;
    private readonly SearchLevel[] levels;
    private long visits;
    private int survivor;
    private Dimension dimension;

    /// <summary>What it finds it offers to <paramref name="worst"/>.</summary>
    /// <param name="visitsMax">How many weighted sets the search may look at before it rests on the bound.</param>
    public NodeFailures(PlacedFleet fleet, WorstSoFar worst, int nodesMax, long visitsMax)
    {
        (this.fleet, this.worst, this.visitsMax) = (fleet, worst, visitsMax);
        k = Math.Min(nodesMax, fleet.Nodes.Length);
        inheritance = new Inheritance(fleet, k);
        levels = [.. Enumerable.Range(0, k + 1).Select(picks => new SearchLevel(picks, fleet.Nodes.Length))];
    }

    /// <summary>What is known only by the bound: the survivor, the dimension, the most it may carry. Empty when the worst case is exact.</summary>
    public List<(int Survivor, Dimension Dimension, long LoadMax)> Unresolved { get; } = [];

    public void Offer()
    {
        OfferSingles();
        if (k < 2)
            return;
        var open = new List<(double Utilisation, int Survivor, Dimension Dimension, long LoadMax)>();
        for (survivor = 0; survivor < fleet.Nodes.Length; survivor++)
        {
            foreach (var d in Dimensions.All)
            {
                levels[k].Start(inheritance.SetsOf(survivor), inheritance.WeightsOf(survivor), d);
                var loadMax = fleet.Loads[survivor].In(d) + levels[k].BoundFrom(0);
                if (levels[k].Order.Count > 0 && worst.IsWorse(survivor, d, loadMax))
                    open.Add((worst.UtilisationOf(survivor, d, loadMax), survivor, d, loadMax));
            }
        }

        // The survivor with the highest bound first: what it comes to settles most of the others.
        open.Sort((left, right) => (-left.Utilisation, left.Survivor, left.Dimension).CompareTo((-right.Utilisation, right.Survivor, right.Dimension)));
        foreach (var (_, node, d, loadMax) in open)
            Search(node, d, loadMax);
        Unresolved.RemoveAll(left => !worst.IsWorse(left.Survivor, left.Dimension, left.LoadMax));
    }

    private void OfferSingles()
    {
        for (var successor = 0; successor < fleet.Nodes.Length; successor++)
        {
            var sets = inheritance.SetsOf(successor);
            var weights = inheritance.WeightsOf(successor);
            for (var i = 0; i < sets.Length; i++)
            {
                if (new NodeSet(sets[i]) is { Size: 1 } set)
                    worst.Offer(successor, fleet.Loads[successor] + weights[i], [set[0]]);
            }
        }
    }

    private void Search(int node, Dimension d, long loadMax)
    {
        (survivor, dimension) = (node, d);
        if (!worst.IsWorse(survivor, dimension, loadMax))
            return;
        if (visits < visitsMax)
        {
            levels[k].Start(inheritance.SetsOf(survivor), inheritance.WeightsOf(survivor), dimension);
            Pick(k, default, fleet.Loads[survivor].In(dimension));
        }

        if (visits >= visitsMax)
            Unresolved.Add((survivor, dimension, loadMax));
    }

    private void Pick(int picks, NodeSet picked, long load)
    {
        var level = levels[picks];
        for (var place = 0; place < level.Order.Count && visits < visitsMax; place++)
        {
            if (!worst.IsWorse(survivor, dimension, load + level.BoundFrom(place)))
                return;
            var set = picked.With(level.Order[place]);
            if (picks == 2)
            {
                var (weight, companion) = level.PickWithLast(place, ref visits);
                if (worst.IsWorse(survivor, dimension, load + weight))
                    Offer(companion < 0 ? set : set.With(companion));
                continue;
            }

            var after = load + level.Pick(place, levels[picks - 1], ref visits);
            if (worst.IsWorse(survivor, dimension, after))
                Offer(set);
            Pick(picks - 1, set, after);
        }
    }

    private void Offer(NodeSet failed) => worst.Offer(survivor, fleet.Loads[survivor] + inheritance.After(failed, survivor), failed.ToArray());
}
