using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;

namespace Fleet.Placement.Planning;

/// <summary>
/// Names the standbys of every VIP for a layout: the prepared plan for every failure. First standbys are chosen one failure at a time (a domain, or a
/// node), second ones for every pair of an owner and its first standby, and so on. What fails together is packed together, into the room that is left
/// beside what the survivors take from smaller failures.
/// </summary>
internal sealed class Succession
{
    private const int RehearsalsMax = 20;

    /// <summary>One counter-example stands for the many sets like it.</summary>
    private const int Emphasis = 20;

    private readonly Layout _layout;
    private readonly IndexedProblem _instance;
    private readonly Packing _packing;
    private readonly Drill _drill;
    private readonly ConflictPenalties _penalties = new();
    private readonly int _depth;
    private readonly int[] _standbys;

    public Succession(Layout layout)
    {
        _layout = layout;
        _instance = layout.Instance;
        _depth = Math.Max(1, _instance.Problem.Protection.Nodes);
        _standbys = new int[_instance.Vips.Length * _depth];
        _drill = new Drill(layout, _standbys, _depth, _penalties);
        _packing = new Packing(layout, _standbys, _depth, _penalties);
    }

    /// <summary>VIPs that no survivor has room for after some failure.</summary>
    public IReadOnlyList<int> Lacking => _packing.Lacking;

    /// <summary>
    /// By how much nodes exceed their limits now and would after failures; 0 is full protection, as far as packing and drill can see.
    /// </summary>
    public double Excess => _packing.Excess + _drill.Excess + _layout.Overload();

    /// <summary>What naming costs, in VIPs and candidates looked at.</summary>
    public double Effort => (_instance.Vips.Length * (double)_instance.Nodes.Length * _depth) + (_drill.IsWorthIt ? _drill.Visits : 0);

    /// <summary>Names them all anew; standbys named before are kept where they fit.</summary>
    public void Name()
    {
        _penalties.Forget();
        NameAll();
    }

    /// <summary>
    /// Names the standbys again and again, with the drill's findings in mind, until the drill finds nothing more or the effort is spent. The best
    /// naming remains.
    /// </summary>
    public void Rehearse(long effort)
    {
        if (_drill.Excess == 0)
            return;
        var rounds = (int)Math.Clamp(effort / Effort, 2, RehearsalsMax);
        var best = (Excess, Standbys: (int[])_standbys.Clone());
        for (var round = 0; _drill.Excess > 0 && round < rounds; round++)
        {
            NameAll();
            if (Excess < best.Excess)
                best = (Excess, (int[])_standbys.Clone());
        }

        best.Standbys.CopyTo(_standbys, 0);
    }

    /// <summary>
    /// When there are too many failures to drill, answers the proof's counter-examples one by one. A planner may listen to its judge, which knows
    /// nothing of the planner.
    /// </summary>
    public void Answer()
    {
        if (_instance.Problem.Protection.Nodes < 3 || _drill.IsWorthIt || Excess > 0)
            return;
        for (var round = 0; round < RehearsalsMax; round++)
        {
            var verdict = ProtectionProof.Check(_instance.Problem, Assignments());
            if (verdict.Holds || verdict.Worst is not { Failed.Length: > 0 } worst)
                return;
            var owners = worst.Failed.Select(name => Array.FindIndex(_instance.Nodes, n => n.Name == name)).ToArray();
            _penalties.Add(
                owners,
                Array.FindIndex(_instance.Nodes, n => n.Name == worst.Node),
                new Load(worst.ExcessBps * Emphasis, worst.ExcessCps * Emphasis));
            NameAll();
        }
    }

    /// <summary>Of all VIPs that have an owner, sorted by address.</summary>
    public ImmutableArray<Assignment> Assignments() =>
    [
        .. Enumerable.Range(0, _instance.Vips.Length).Where(v => _layout.OwnerOf(v) != IndexedProblem.Nobody).Select(v => new Assignment(
            _instance.Vips[v].Address, _instance.Nodes[_layout.OwnerOf(v)].Name, [.. Ranked(v).Select(n => _instance.Nodes[n].Name)])),
    ];

    private int[] Ranked(int vip) => [.. _standbys.AsSpan(vip * _depth, _depth).ToArray().Where(n => n != IndexedProblem.Nobody)];

    private void NameAll()
    {
        Array.Fill(_standbys, IndexedProblem.Nobody);
        _packing.Clear();
        NameFirst();
        for (var level = 2; level <= _depth; level++)
            NameNext(level);
        _drill.Play();
    }

    private void NameFirst()
    {
        var vips = new List<int>();
        foreach (var group in Groups())
        {
            vips.Clear();
            foreach (var node in group)
                vips.AddRange(_layout.On(node));
            if (vips.Count == 0)
                continue;
            vips.Sort(LargestFirst);
            _packing.Pack(group, CollectionsMarshal.AsSpan(vips), 1);
        }
    }

    private IEnumerable<int[]> Groups() => _instance.Problem.Protection.Domains > 0
        ? _instance.NodesOfDomain
        : Enumerable.Range(0, _instance.Nodes.Length).Select(n => new[] { n });

    /// <summary>VIPs whose owner and first standbys are the same set of nodes lose them together.</summary>
    private void NameNext(int level)
    {
        var vips = new List<int>();
        var sets = new List<(ulong Set, int Vip)>();
        for (var vip = 0; vip < _instance.Vips.Length; vip++)
        {
            if (_layout.OwnerOf(vip) != IndexedProblem.Nobody && _standbys[(vip * _depth) + level - 2] != IndexedProblem.Nobody)
                sets.Add((SetOf(vip, level), vip));
        }

        sets.Sort((a, b) => a.Set != b.Set ? a.Set.CompareTo(b.Set) : LargestFirst(a.Vip, b.Vip));
        for (var start = 0; start < sets.Count;)
        {
            var end = start;
            vips.Clear();
            for (; end < sets.Count && sets[end].Set == sets[start].Set; end++)
                vips.Add(sets[end].Vip);
            _packing.Pack(NodesOf(vips[0], level), CollectionsMarshal.AsSpan(vips), level);
            start = end;
        }
    }

    /// <summary>The owner and the standbys before this level, sorted, 16 bits each.</summary>
    private ulong SetOf(int vip, int level)
    {
        ulong set = 0;
        foreach (var node in NodesOf(vip, level).Order())
            set = (set << 16) | (uint)node;
        return set;
    }

    private int[] NodesOf(int vip, int level) => [_layout.OwnerOf(vip), .. _standbys.AsSpan(vip * _depth, level - 1)];

    private int LargestFirst(int one, int other)
    {
        var (a, b) = (_instance.Demand[one], _instance.Demand[other]);
        if (a.Bps != b.Bps)
            return b.Bps.CompareTo(a.Bps);
        return a.Cps != b.Cps ? b.Cps.CompareTo(a.Cps) : one.CompareTo(other);
    }
}
