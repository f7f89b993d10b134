using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>Turns names into positions, and notes every rule that a placement breaks whatever the loads are.</summary>
internal sealed class FleetReading
{
    /// <summary>Sums of demands stay exact in every place of the proof, also weighted by 48.</summary>
    private const long DemandSumMax = long.MaxValue / 64;

    private readonly PlacementProblem problem;
    private readonly PlanNode[] nodes;
    private readonly int[] domains;
    private readonly int domainCount;
    private readonly Dictionary<NodeName, PlanNode> byName = [];
    private readonly Dictionary<NodeName, int> positions = [];
    private readonly Dictionary<VipAddress, int> vips = [];
    private readonly List<PlacedVip> placed = [];
    private readonly List<int> standbys = [];

    public FleetReading(PlacementProblem problem)
    {
        this.problem = problem;
        foreach (var node in problem.Nodes)
        {
            if (!byName.TryAdd(node.Name, node))
                Breaches.Add(new Breach(null, Fault.NodeListedTwice, node.Name.Value));
        }

        nodes = [.. byName.Values.Where(node => node.State != PlanNodeState.Down).OrderBy(node => node.Name)];
        if (nodes.Length > NodeSet.PositionMax)
            throw new ArgumentException($"{nodes.Length} nodes, at most {NodeSet.PositionMax}.", nameof(problem));
        var domainOf = nodes.Select(node => (node.Site, node.Domain)).Distinct().Select((domain, index) => (domain, index)).ToDictionary(d => d.domain, d => d.index);
        domains = [.. nodes.Select(node => domainOf[(node.Site, node.Domain)])];
        domainCount = domainOf.Count;
        for (var i = 0; i < nodes.Length; i++)
            positions.Add(nodes[i].Name, i);
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

        vips.EnsureCapacity(problem.Vips.Length);
        placed.EnsureCapacity(assignments.Length);
        standbys.EnsureCapacity(assignments.Length * problem.Protection.Nodes);
        for (var i = 0; i < problem.Vips.Length; i++)
        {
            if (!vips.TryAdd(problem.Vips[i].Address, i))
                Breaches.Add(new Breach(problem.Vips[i].Address, Fault.ListedTwice));
        }

        var seen = new bool[problem.Vips.Length];
        foreach (var assignment in assignments)
            Place(assignment, seen);
        foreach (var (address, index) in vips)
        {
            if (!seen[index])
                Breaches.Add(new Breach(address, Fault.Unassigned));
        }

        var loads = new Load[nodes.Length];
        foreach (ref readonly var vip in CollectionsMarshal.AsSpan(placed))
            loads[vip.Owner] += vip.Demand;
        return new PlacedFleet(nodes, [.. nodes.Select(problem.LimitOf)], domains, domainCount, [.. placed], [.. standbys], loads);
    }

    private bool DemandsAddUp()
    {
        Int128 bps = 0, cps = 0;
        foreach (var vip in problem.Vips)
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
        if (!vips.TryGetValue(assignment.Address, out var index))
        {
            Breaches.Add(new Breach(assignment.Address, Fault.Unasked));
            return;
        }

        if (seen[index])
            Breaches.Add(new Breach(assignment.Address, Fault.AssignedTwice));
        seen[index] = true;
        var vip = problem.Vips[index];
        if (OwnerFault(vip, assignment.Owner) is { } fault)
            Breaches.Add(new Breach(vip.Address, fault, assignment.Owner.Value));
        var from = standbys.Count;
        foreach (var standby in assignment.Standbys)
            Stand(vip, assignment.Owner, standby, from);
        if (!positions.TryGetValue(assignment.Owner, out var owner))
            return;
        placed.Add(new PlacedVip(owner, from, standbys.Count - from, vip.Demand));
        Survives(vip, owner, CollectionsMarshal.AsSpan(standbys)[from..]);
    }

    private Fault? OwnerFault(PlanVip vip, NodeName owner)
    {
        if (!byName.TryGetValue(owner, out var node))
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
        var isLive = positions.TryGetValue(standby, out var position);
        if (standby == owner)
            fault = Fault.StandbyIsOwner;
        else if (isLive && standbys.IndexOf(position, from) >= 0)
            fault = Fault.StandbyTwice;
        else if (isLive)
            standbys.Add(position);
        if (fault is null && !byName.TryGetValue(standby, out var node))
            fault = Fault.StandbyUnknown;
        else if (fault is null && byName[standby] is var known && (!vip.MayLieOn(known) || known.State != PlanNodeState.Up))
            fault = vip.MayLieOn(known) ? Fault.StandbyNotUp : Fault.StandbyOutside;
        if (fault is { } found)
            Breaches.Add(new Breach(vip.Address, found, standby.Value));
    }

    /// <summary>With at least k standbys every set of k nodes leaves the owner or one of them; a domain leaves none only if it has them all.</summary>
    private void Survives(PlanVip vip, int owner, ReadOnlySpan<int> others)
    {
        var k = problem.Protection.Nodes;
        if (others.Length < k)
        {
            var set = others.ToArray().Append(owner).Order().Select(position => nodes[position].Name.Value);
            Breaches.Add(new Breach(vip.Address, CountEligible(vip) <= k ? Fault.NobodyCanBeLeft : Fault.NobodyLeft, $"{string.Join(", ", set)} {(others.IsEmpty ? "fails" : "fail")}"));
        }

        if (problem.Protection.Domains == 0)
            return;
        foreach (var standby in others)
        {
            if (domains[standby] != domains[owner])
                return;
        }

        var node = nodes[owner];
        var isOnly = !nodes.Any(other => other.State == PlanNodeState.Up && vip.MayLieOn(other) && (other.Site, other.Domain) != (node.Site, node.Domain));
        Breaches.Add(new Breach(vip.Address, isOnly ? Fault.NobodyCanBeLeft : Fault.NobodyLeft, $"domain {node.Domain} of {node.Site} fails"));
    }

    private int CountEligible(PlanVip vip) =>
        nodes.Count(node => vip.MayLieOn(node) && (node.State == PlanNodeState.Up || (node.State == PlanNodeState.Cordoned && vip.Owner == node.Name)));
}
