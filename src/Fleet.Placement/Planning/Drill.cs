using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// Plays every failure of three or four nodes. Packing sees the sets whose VIPs it packs; only here does it show what several of them together bring
/// one survivor. Each excess is held against the owners and the survivor it came from, so that the next naming keeps them apart.
/// </summary>
internal sealed class Drill(Layout layout, int[] standbys, int depth, ConflictPenalties penalties)
{
    /// <summary>A drill of more VIPs than this is not played: <see cref="Succession.Answer"/> takes its place.</summary>
    private const double VisitsMax = 20_000_000;

    private readonly IndexedProblem _instance = layout.Instance;
    private readonly bool[] _failing = new bool[layout.Instance.Nodes.Length];
    private readonly Load[] _extra = new Load[layout.Instance.Nodes.Length];
    private readonly List<int> _touched = [];
    private readonly int[] _set = new int[depth];

    public bool IsWorthIt => _instance.Problem.Protection.Nodes > 2 && Visits <= VisitsMax;

    /// <summary>How many VIPs it looks at.</summary>
    public double Visits
    {
        get
        {
            var sets = 1.0;
            for (var i = 0; i < depth; i++)
                sets = sets * (_instance.Nodes.Length - i) / (i + 1);
            return sets * depth * _instance.Vips.Length / Math.Max(1, _instance.Nodes.Length);
        }
    }

    /// <summary>The excess of the worst survivor of every set that has one, in parts of limits, added up.</summary>
    public double Excess { get; private set; }

    public void Play()
    {
        Excess = 0;
        if (IsWorthIt)
            Fail(0, 0);
    }

    private void Fail(int from, int count)
    {
        if (count == depth)
        {
            Evaluate();
            return;
        }

        for (var node = from; node < _failing.Length; node++)
        {
            _failing[node] = true;
            _set[count] = node;
            Fail(node + 1, count + 1);
            _failing[node] = false;
        }
    }

    private void Evaluate()
    {
        foreach (var node in _set)
            PassOn(node);
        var worst = 0.0;
        foreach (var survivor in _touched)
        {
            var carries = layout.LoadOf(survivor) + _extra[survivor];
            if (!carries.FitsIn(_instance.Limit[survivor]))
            {
                worst = Math.Max(worst, carries.ShareOf(_instance.Limit[survivor]) - 1);
                penalties.Add(_set, survivor, carries - _instance.Limit[survivor]);
            }

            _extra[survivor] = Load.None;
        }

        Excess += worst;
        _touched.Clear();
    }

    private void PassOn(int node)
    {
        foreach (var vip in layout.On(node))
        {
            foreach (var standby in standbys.AsSpan(vip * depth, depth))
            {
                if (standby == IndexedProblem.Nobody || _failing[standby])
                    continue;
                if (_extra[standby] == Load.None)
                    _touched.Add(standby);
                _extra[standby] += _instance.Demand[vip];
                break;
            }
        }
    }
}
