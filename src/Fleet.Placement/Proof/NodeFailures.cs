namespace Fleet.Placement.Proof;

/// <summary>
/// Finds the worst set of at most k nodes: for each survivor and dimension, the k nodes whose failure brings it most (see <see cref="Inheritance"/>).
/// Branch and bound: sets that cannot be worse than the worst seen (see <see cref="SearchLevel"/>) are not looked at one by one.
/// </summary>
internal sealed class NodeFailures
{
    private readonly PlacedFleet _fleet;
    private readonly WorstSoFar _worst;
    private readonly int _k;
    private readonly long _visitsMax;
    private readonly Inheritance _inheritance;
    private readonly SearchLevel[] _levels;
    private long _visits;
    private int _survivor;
    private Dimension _dimension;

    /// <summary>Offers what it finds to <paramref name="worst"/>.</summary>
    /// <param name="visitsMax">How many weighted sets the search may look at before it rests on the bound.</param>
    public NodeFailures(PlacedFleet fleet, WorstSoFar worst, int nodesMax, long visitsMax)
    {
        (_fleet, _worst, _visitsMax) = (fleet, worst, visitsMax);
        _k = Math.Min(nodesMax, fleet.Nodes.Length);
        _inheritance = new Inheritance(fleet, _k);
        _levels = [.. Enumerable.Range(0, _k + 1).Select(picks => new SearchLevel(picks, fleet.Nodes.Length))];
    }

    /// <summary>What is known only by the bound: the survivor, the dimension, the most it may carry. Empty when the worst case is exact.</summary>
    public List<(int Survivor, Dimension Dimension, long LoadMax)> Unresolved { get; } = [];

    public void Offer()
    {
        OfferSingles();
        if (_k < 2)
            return;
        var open = new List<(double Utilisation, int Survivor, Dimension Dimension, long LoadMax)>();
        for (_survivor = 0; _survivor < _fleet.Nodes.Length; _survivor++)
        {
            foreach (var d in Dimensions.All)
            {
                _levels[_k].Start(_inheritance.SetsOf(_survivor), _inheritance.WeightsOf(_survivor), d);
                var loadMax = _fleet.Loads[_survivor].In(d) + _levels[_k].BoundFrom(0);
                if (_levels[_k].Order.Count > 0 && _worst.IsWorse(_survivor, d, loadMax))
                    open.Add((_worst.UtilisationOf(_survivor, d, loadMax), _survivor, d, loadMax));
            }
        }

        // The survivor with the highest bound first: its result settles most of the others.
        open.Sort(
            (left, right) => (-left.Utilisation, left.Survivor, left.Dimension).CompareTo((-right.Utilisation, right.Survivor, right.Dimension)));
        foreach (var (_, node, d, loadMax) in open)
            Search(node, d, loadMax);
        Unresolved.RemoveAll(left => !_worst.IsWorse(left.Survivor, left.Dimension, left.LoadMax));
    }

    private void OfferSingles()
    {
        for (var successor = 0; successor < _fleet.Nodes.Length; successor++)
        {
            var sets = _inheritance.SetsOf(successor);
            var weights = _inheritance.WeightsOf(successor);
            for (var i = 0; i < sets.Length; i++)
            {
                if (new NodeSet(sets[i]) is { Size: 1 } set)
                    _worst.Offer(successor, _fleet.Loads[successor] + weights[i], [set[0]]);
            }
        }
    }

    private void Search(int node, Dimension d, long loadMax)
    {
        (_survivor, _dimension) = (node, d);
        if (!_worst.IsWorse(_survivor, _dimension, loadMax))
            return;
        if (_visits < _visitsMax)
        {
            _levels[_k].Start(_inheritance.SetsOf(_survivor), _inheritance.WeightsOf(_survivor), _dimension);
            Pick(_k, default, _fleet.Loads[_survivor].In(_dimension));
        }

        if (_visits >= _visitsMax)
            Unresolved.Add((_survivor, _dimension, loadMax));
    }

    private void Pick(int picks, NodeSet picked, long load)
    {
        var level = _levels[picks];
        for (var place = 0; place < level.Order.Count && _visits < _visitsMax; place++)
        {
            if (!_worst.IsWorse(_survivor, _dimension, load + level.BoundFrom(place)))
                return;
            var set = picked.With(level.Order[place]);
            if (picks == 2)
            {
                var (weight, companion) = level.PickWithLast(place, ref _visits);
                if (_worst.IsWorse(_survivor, _dimension, load + weight))
                    Offer(companion < 0 ? set : set.With(companion));
                continue;
            }

            var after = load + level.Pick(place, _levels[picks - 1], ref _visits);
            if (_worst.IsWorse(_survivor, _dimension, after))
                Offer(set);
            Pick(picks - 1, set, after);
        }
    }

    private void Offer(NodeSet failed) => _worst.Offer(_survivor, _fleet.Loads[_survivor] + _inheritance.After(failed, _survivor), failed.ToArray());
}
