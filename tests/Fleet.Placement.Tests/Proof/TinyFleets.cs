using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Proof;

/// <summary>Small random fleets, most of them sound and some of them not, and placements for them, good and bad.</summary>
public sealed class TinyFleets(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Every third has nodes in other states than up and VIPs bound to sites and segments.</summary>
    public PlacementProblem Problem(int nodesMin = 1, int nodesMax = 7, int vipsMax = 12)
    {
        var isOdd = _random.Next(3) == 0;
        var nodes = Enumerable.Range(0, _random.Next(nodesMin, nodesMax + 1)).Select(i => Node(i, isOdd)).ToImmutableArray();
        var most = _random.Next(10) == 0 ? 5 : Math.Min(5, nodes.Length);
        var protection = new Protection(_random.Next(most), _random.Next(3) / 2, _random.Next(2) == 0 ? 1.0 : 0.85);
        var demandMax = _random.Next(1, 80);
        return new PlacementProblem
        {
            Protection = protection,
            Nodes = nodes,
            Vips = [.. Enumerable.Range(0, _random.Next(vipsMax + 1)).Select(i => Vip(i, isOdd, demandMax, nodes))],
        };
    }

    public ImmutableArray<Assignment> Plan(PlacementProblem problem)
    {
        var breaks = _random.Next(4) == 0;
        return [.. problem.Vips.Where(_ => !breaks || _random.Next(12) > 0).SelectMany(vip => Assign(problem, vip, breaks))];
    }

    public ImmutableArray<T> Shuffled<T>(ImmutableArray<T> list) => [.. list.OrderBy(_ => _random.Next())];

    private PlanNode Node(int number, bool isOdd) => new()
    {
        Name = new NodeName($"adc-{number}"),
        Site = new SiteName(_random.Next(3) == 0 ? "north" : "south"),
        Domain = new DomainName($"rack-{_random.Next(6)}"),
        Segment = isOdd && _random.Next(2) == 0 ? "blue" : null,
        Capacity = new Load(_random.Next(2) == 0 ? 100 : _random.Next(201), _random.Next(2) == 0 ? PlanNode.Unbounded : _random.Next(100)),
        State = isOdd && _random.Next(3) == 0 ? (PlanNodeState)_random.Next(4) : PlanNodeState.Up,
    };

    private PlanVip Vip(int number, bool isOdd, int demandMax, ImmutableArray<PlanNode> nodes) => new()
    {
        Address = Build.Vip(number),
        Service = new ServiceName(_random.Next(2) == 0 ? "web" : "store"),
        Site = isOdd && _random.Next(3) == 0 ? new SiteName(_random.Next(2) == 0 ? "north" : "south") : null,
        Segment = isOdd && _random.Next(4) == 0 ? "blue" : null,
        Demand = new Load(_random.Next(demandMax), _random.Next(3) == 0 ? _random.Next(20) : 0),
        Owner = _random.Next(3) == 0 ? null : nodes[_random.Next(nodes.Length)].Name,
    };

    private IEnumerable<Assignment> Assign(PlacementProblem problem, PlanVip vip, bool breaks)
    {
        var order = problem.Nodes
            .Where(node => breaks || (vip.MayLieOn(node) && node.State == PlanNodeState.Up))
            .Select(node => node.Name)
            .OrderBy(_ => _random.Next())
            .ToList();
        if (order.Count == 0)
            yield break;
        if (breaks && _random.Next(8) == 0)
            order.Insert(_random.Next(order.Count), _random.Next(2) == 0 ? new NodeName("nobody") : order[_random.Next(order.Count)]);
        var address = breaks && _random.Next(20) == 0 ? Build.Vip(200) : vip.Address;
        var assignment = new Assignment(
            address,
            order[0],
            [.. order.Skip(1).Take(breaks && _random.Next(3) == 0 ? _random.Next(order.Count) : problem.Protection.Nodes + _random.Next(2))]);
        yield return assignment;
        if (breaks && _random.Next(20) == 0)
            yield return assignment;
    }
}
