using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Placement.Advice;

/// <summary>Applies changes to a problem. A name in a change that the fleet does not have is a mistake, reported with the nearest name.</summary>
internal sealed class Changing(PlacementProblem problem)
{
    /// <summary>As much as sums in plan and proof can hold.</summary>
    private const long DemandSumMax = long.MaxValue / 64;

    private const int AddMax = 10_000;
    private const decimal FactorMax = 1000;

    public PlacementProblem Problem { get; private set; } = problem;

    /// <summary>Who died, sorted.</summary>
    public SortedSet<NodeName> Failed { get; } = [];

    public List<string> Mistakes { get; } = [];

    public void Make(Change change)
    {
        switch (change)
        {
            case Change.Fail fail:
                Fail(Known(fail.Node));
                break;
            case Change.FailDomain fail:
                FailAll(fail);
                break;
            case Change.Drain drain:
                Drain(Known(drain.Node));
                break;
            case Change.Remove remove:
                Drain(Known(remove.Node));
                break;
            case Change.Add add:
                Add(add);
                break;
            case Change.Surge surge:
                Surge(surge);
                break;
        }
    }

    private PlanNode? Known(NodeName name)
    {
        var node = Problem.Nodes.FirstOrDefault(n => n.Name == name);
        if (node is null)
            Mistakes.Add($"'{name}' is not a node of the fleet{Nearest(name.Value, Problem.Nodes.Select(n => n.Name.Value))}");
        return node;
    }

    private void Fail(PlanNode? node)
    {
        if (node is null)
            return;
        if (node.State == PlanNodeState.Down && !Failed.Contains(node.Name))
            Mistakes.Add($"{node.Name} is down already.");
        Failed.Add(node.Name);
        Put(node with { State = PlanNodeState.Down });
    }

    private void FailAll(Change.FailDomain fail)
    {
        var nodes = Problem.Nodes.Where(node => node.Domain == fail.Domain && (fail.Site is null || fail.Site == node.Site)).ToArray();
        var sites = nodes.Select(node => node.Site).Distinct().Order().ToArray();
        if (sites.Length > 1)
            Mistakes.Add(
                $"Domain '{fail.Domain}' is in several sites; say which: {string.Join(" or ", sites.Select(site => $"{site}/{fail.Domain}"))}.");
        else if (nodes.Length == 0)
            Mistakes.Add(
                $"No node is in domain "
                + $"'{(fail.Site is null ? "" : $"{fail.Site}/")}{fail.Domain}'"
                + $"{Nearest(fail.Domain.Value, Problem.Nodes.Select(node => node.Domain.Value))}");
        else if (Array.TrueForAll(nodes, node => node.State == PlanNodeState.Down))
            Mistakes.Add($"All nodes of domain '{fail.Domain}' are down already.");
        else
            Array.ForEach(nodes.Where(node => node.State != PlanNodeState.Down).ToArray(), Fail);
    }

    private void Drain(PlanNode? node)
    {
        if (node is not null && node.State != PlanNodeState.Down)
            Put(node with { State = PlanNodeState.Draining });
    }

    private void Add(Change.Add add)
    {
        if (add.Count is < 1 or > AddMax)
            Mistakes.Add($"1 to {AddMax} nodes can be added, not {add.Count}.");
        else if (Problem.Nodes.IsEmpty && (add.Site is null || add.CapacityBps is null))
            Mistakes.Add("The fleet has no nodes to take the site and the capacity of a new one from: say both.");
        else
            Put(
                add,
                add.Site ?? Problem.Nodes.GroupBy(node => node.Site).OrderByDescending(site => site.Count()).ThenBy(site => site.Key).First().Key);
    }

    private void Put(Change.Add add, SiteName site)
    {
        var peers = Problem.Nodes.Where(node => node.Site == site).ToArray();
        var domains = new SortedDictionary<DomainName, int>(
            peers.GroupBy(node => node.Domain).ToDictionary(group => group.Key, group => group.Count()));
        var segment = peers
            .GroupBy(node => node.Segment ?? "")
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key;
        var bps = add.CapacityBps ?? Shortfall.MedianBps(Problem);
        var cps = peers.Select(node => node.Capacity.Cps).DefaultIfEmpty(PlanNode.Unbounded).Min();
        var taken = Problem.Nodes.Select(node => node.Name.Value).ToHashSet(StringComparer.Ordinal);
        var names = Enumerable.Range(1, int.MaxValue).Select(i => $"new-{i}").Where(name => !taken.Contains(name));
        foreach (var name in names.Take(add.Count))
        {
            var domain = add.Domain ?? (domains.Count == 0 ? new DomainName(name) : domains.MinBy(entry => (entry.Value, entry.Key)).Key);
            domains[domain] = domains.GetValueOrDefault(domain) + 1;
            var node = new PlanNode
            {
                Name = new NodeName(name),
                Site = site,
                Domain = domain,
                Segment = segment is "" ? null : segment,
                Capacity = new Load(bps, cps),
            };
            Problem = Problem with { Nodes = Problem.Nodes.Add(node) };
        }
    }

    private void Surge(Change.Surge surge)
    {
        var more = surge.Factor is >= 0 and <= (double)FactorMax ? (decimal)surge.Factor : -1;
        if (more < 0)
            Mistakes.Add($"Demand may grow by a factor of 0 to {FactorMax}, not {surge.Factor}.");
        else if (!Problem.Vips.Any(vip => vip.Service == surge.Service))
            Mistakes.Add(
                $"'{surge.Service}' is not a service of the "
                + $"fleet{Nearest(surge.Service.Value, Problem.Vips.Select(vip => vip.Service.Value).Distinct(StringComparer.Ordinal))}");
        else if (Problem.Vips.Sum(vip => vip.Demand.Bps * (vip.Service == surge.Service ? more : 1)) > DemandSumMax
            || Problem.Vips.Sum(vip => vip.Demand.Cps * (vip.Service == surge.Service ? more : 1)) > DemandSumMax)
            Mistakes.Add($"{surge.Service} times {surge.Factor} is more than any fleet carries.");
        else
            Put(vip => vip.Service == surge.Service ? vip with { Demand = Times(vip.Demand, more) } : vip);
    }

    private void Put(Func<PlanVip, PlanVip> change) => Problem = Problem with { Vips = [.. Problem.Vips.Select(change)] };

    private void Put(PlanNode node) => Problem = Problem with { Nodes = [.. Problem.Nodes.Select(old => old.Name == node.Name ? node : old)] };

    private static Load Times(Load demand, decimal factor) => new((long)Math.Ceiling(demand.Bps * factor), (long)Math.Ceiling(demand.Cps * factor));

    private static string Nearest(string word, IEnumerable<string> known) =>
        NearestWord.Find(word, known) is { } near ? $"; did you mean {near}?" : ".";
}
