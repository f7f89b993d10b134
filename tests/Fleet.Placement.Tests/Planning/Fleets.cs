using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Placement.Planning;
using Fleet.Shared.Model;

namespace Fleet.Placement.Tests.Planning;

/// <summary>Fleets to plan for: nodes of 100 bit/s, one to a rack unless told otherwise.</summary>
internal static class Fleets
{
    public static PlacementProblem Create(int nodes, IEnumerable<PlanVip> vips, int k = 1, int domains = 0, int racks = 0) => new()
    {
        Protection = new Protection(k, domains, 1),
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => Node(i, racks == 0 ? i : i % racks))],
        Vips = [.. vips],
    };

    public static PlanNode Node(int number, int rack = 1, long capacity = 100, PlanNodeState state = PlanNodeState.Up, string site = "here") => new()
    {
        Name = Build.Name($"adc-{number:000}"),
        Site = new SiteName(site),
        Domain = new DomainName($"rack-{rack}"),
        Capacity = new Load(capacity, PlanNode.Unbounded),
        State = state,
    };

    public static PlanVip Vip(int number, long demand, string? owner = null, string service = "web", string? site = null) => new()
    {
        Address = Build.Vip(number),
        Service = new ServiceName(service),
        Site = site is null ? null : new SiteName(site),
        Demand = new Load(demand),
        Owner = owner is null ? null : Build.Name(owner),
    };

    public static IEnumerable<PlanVip> Equal(int count, long demand, int perService = 4) =>
        Enumerable.Range(1, count).Select(i => Vip(i, demand, service: $"service-{(i - 1) / perService}"));

    /// <summary>The problem after its plan has been carried out.</summary>
    public static PlacementProblem Settled(this PlacementProblem problem)
    {
        var assignments = Planner.Plan(problem).Assignments.ToImmutableDictionary(a => a.Address);
        return problem with
        {
            Vips =
            [
                .. problem.Vips.Select(v => assignments.TryGetValue(v.Address, out var a) ? v with { Owner = a.Owner, Standbys = a.Standbys } : v),
            ],
        };
    }

    public static PlacementProblem With(this PlacementProblem problem, string node, PlanNodeState state) => problem with
    {
        Nodes = [.. problem.Nodes.Select(n => n.Name == Build.Name(node) ? n with { State = state } : n)],
    };

    public static Dictionary<NodeName, long> Loads(this PlacementPlan plan, PlacementProblem problem)
    {
        var demands = problem.Vips.ToDictionary(v => v.Address, v => v.Demand.Bps);
        return plan.Assignments.GroupBy(a => a.Owner).ToDictionary(g => g.Key, g => g.Sum(a => demands[a.Address]));
    }

    public static string Text(this PlacementPlan plan) => string.Join('\n', [
        .. plan.Assignments.Select(a => $"{a.Address} {a.Owner} {string.Join(',', a.Standbys)}"),
        .. plan.Moves.Select(m => $"{m.Address} {m.From} > {m.To} {m.Reason}"),
        .. plan.Unplaced.Select(u => $"{u.Address} {u.Reason}"),
    ]);
}
