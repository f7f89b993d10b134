using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>Turns names into positions, and notes every rule that a placement breaks whatever the loads are.</summary>
internal sealed class FleetReading
{
    /// <summary>Sums of demands stay exact everywhere in the proof, even when weighted by 48.</summary>
    private const long DemandSumMax = long.MaxValue / 64;

    private readonly PlacementProblem _problem;
    private readonly PlanNode[] _nodes;
    private readonly int[] _domains;
    private readonly int _domainCount;
    private readonly Dictionary<NodeName, PlanNode> _byName = [];
    private readonly Dictionary<NodeName, int> _positions = [];
    private readonly Dictionary<VipAddress, int> _vips = [];
    private readonly List<PlacedVip> _placed = [];
    private readonly List<int> _standbys = [];

    public FleetReading(PlacementProblem problem)
    {
        _problem = problem;
        foreach (var node in problem.Nodes)
        {
            if (!_byName.TryAdd(node.Name, node))
                Breaches.Add(new Breach(null, Fault.NodeListedTwice, node.Name.Value));
        }

        _nodes = [.. _byName.Values.Where(node => node.State != PlanNodeState.Down).OrderBy(node => node.Name)];
        if (_nodes.Length > NodeSet.PositionMax)
            throw new ArgumentException($"{_nodes.Length} nodes, at most {NodeSet.PositionMax}.", nameof(problem));
        var domainOf = _nodes
            .Select(node => (node.Site, node.Domain))
            .Distinct()
            .Select((domain, index) => (domain, index))
            .ToDictionary(d => d.domain, d => d.index);
        _domains = [.. _nodes.Select(node => domainOf[(node.Site, node.Domain)])];
        _domainCount = domainOf.Count;
        for (var i = 0; i < _nodes.Length; i++)
            _positions.Add(_nodes[i].Name, i);
    }

    public List<Breach> Breaches { get; } = [];

    /// <summary>Null when the demands cannot be added up.</summary>
    public PlacedFleet? Read(ImmutableArray<Assignment> assignments)
    {
        if (!DemandsAddUp())
        {
            Breaches.Add(new Breach(null, Fault.Uncountable));
            return null;
        }

        _vips.EnsureCapacity(_problem.Vips.Length);
        _placed.EnsureCapacity(assignments.Length);
        _standbys.EnsureCapacity(assignments.Length * _problem.Protection.Nodes);
        for (var i = 0; i < _problem.Vips.Length; i++)
        {
            if (!_vips.TryAdd(_problem.Vips[i].Address, i))
                Breaches.Add(new Breach(_problem.Vips[i].Address, Fault.ListedTwice));
        }

        var seen = new bool[_problem.Vips.Length];
        foreach (var assignment in assignments)
            Place(assignment, seen);
        foreach (var (address, index) in _vips)
        {
            if (!seen[index])
                Breaches.Add(new Breach(address, Fault.Unassigned));
        }

        var loads = new Load[_nodes.Length];
        foreach (ref readonly var vip in CollectionsMarshal.AsSpan(_placed))
            loads[vip.Owner] += vip.Demand;
        return new PlacedFleet(_nodes, [.. _nodes.Select(_problem.LimitOf)], _domains, _domainCount, [.. _placed], [.. _standbys], loads);
    }

    private bool DemandsAddUp()
    {
        Int128 bps = 0, cps = 0;
        foreach (var vip in _problem.Vips)
        {
            if (vip.Demand.Bps < 0 || vip.Demand.Cps < 0)
                return false;
            bps += vip.Demand.Bps;
            cps += vip.Demand.Cps;
        }

        return bps <= DemandSumMax && cps <= DemandSumMax;
    }

    private void Place(Assignment assignment, bool[] seen)
    {
        if (!_vips.TryGetValue(assignment.Address, out var index))
        {
            Breaches.Add(new Breach(assignment.Address, Fault.Unasked));
            return;
        }

        if (seen[index])
            Breaches.Add(new Breach(assignment.Address, Fault.AssignedTwice));
        seen[index] = true;
        var vip = _problem.Vips[index];
        if (OwnerFault(vip, assignment.Owner) is { } fault)
            Breaches.Add(new Breach(vip.Address, fault, assignment.Owner.Value));
        var from = _standbys.Count;
        foreach (var standby in assignment.Standbys)
            Stand(vip, assignment.Owner, standby, from);
        if (!_positions.TryGetValue(assignment.Owner, out var owner))
            return;
        _placed.Add(new PlacedVip(owner, from, _standbys.Count - from, vip.Demand));
        Survives(vip, owner, CollectionsMarshal.AsSpan(_standbys)[from..]);
    }

    private Fault? OwnerFault(PlanVip vip, NodeName owner)
    {
        if (!_byName.TryGetValue(owner, out var node))
            return Fault.OwnerUnknown;
        return node.State switch
        {
            PlanNodeState.Down => Fault.OwnerDown,
            PlanNodeState.Draining => Fault.OwnerDraining,
            _ when !vip.MayLieOn(node) => Fault.OwnerOutside,
            PlanNodeState.Cordoned when vip.Owner != owner => Fault.OwnerCordoned,
            _ => null,
        };
    }

    private void Stand(PlanVip vip, NodeName owner, NodeName standby, int from)
    {
        Fault? fault = null;
        var isLive = _positions.TryGetValue(standby, out var position);
        if (standby == owner)
            fault = Fault.StandbyIsOwner;
        else if (isLive && _standbys.IndexOf(position, from) >= 0)
            fault = Fault.StandbyTwice;
        else if (isLive)
            _standbys.Add(position);
        if (fault is null && !_byName.TryGetValue(standby, out var node))
            fault = Fault.StandbyUnknown;
        else if (fault is null && _byName[standby] is var known && (!vip.MayLieOn(known) || known.State != PlanNodeState.Up))
            fault = vip.MayLieOn(known) ? Fault.StandbyNotUp : Fault.StandbyOutside;
        if (fault is { } found)
            Breaches.Add(new Breach(vip.Address, found, standby.Value));
    }

    /// <summary>
    /// With at least k standbys every set of k nodes leaves the owner or one of them; a domain leaves none only if it has them all.
    /// </summary>
    private void Survives(PlanVip vip, int owner, ReadOnlySpan<int> others)
    {
        var k = _problem.Protection.Nodes;
        if (others.Length < k)
        {
            var set = others.ToArray().Append(owner).Order().Select(position => _nodes[position].Name.Value);
            Breaches.Add(
                new Breach(
                    vip.Address,
                    CountEligible(vip) <= k ? Fault.NobodyCanBeLeft : Fault.NobodyLeft,
                    $"{string.Join(", ", set)} {(others.IsEmpty ? "fails" : "fail")}"));
        }

        if (_problem.Protection.Domains == 0)
            return;
        foreach (var standby in others)
        {
            if (_domains[standby] != _domains[owner])
                return;
        }

        var node = _nodes[owner];
        var isOnly = !_nodes.Any(
            other => other.State == PlanNodeState.Up && vip.MayLieOn(other) && (other.Site, other.Domain) != (node.Site, node.Domain));
        Breaches.Add(new Breach(vip.Address, isOnly ? Fault.NobodyCanBeLeft : Fault.NobodyLeft, $"domain {node.Domain} of {node.Site} fails"));
    }

    private int CountEligible(PlanVip vip) =>
        _nodes.Count(
            node => vip.MayLieOn(node) && (node.State == PlanNodeState.Up || (node.State == PlanNodeState.Cordoned && vip.Owner == node.Name)));
}
