using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Generator;

/// <summary>
/// Places a fleet in the plainest way that spreads what a failure leaves behind: the largest VIP first on the emptiest node; as standbys those of a
/// few candidates that would be least full if the owner failed. It knows nothing of the planner.
/// </summary>
internal sealed class Construction
{
    private const int CandidatesMax = 24;

    private readonly PlacementProblem _problem;
    private readonly Random _random;
    private readonly double[] _loads;
    private readonly double[,] _fromNode;
    private readonly double[,] _fromDomain;
    private readonly int[] _domains;
    private readonly Dictionary<SiteName, int[]> _ofSite;
    private readonly int[] _everywhere;

    public Construction(PlacementProblem problem, Random random)
    {
        (_problem, _random) = (problem, random);
        _everywhere = [.. Enumerable.Range(0, problem.Nodes.Length)];
        _ofSite = _everywhere.GroupBy(i => problem.Nodes[i].Site).ToDictionary(site => site.Key, site => site.ToArray());
        var numbers = problem.Nodes
            .Select(node => (node.Site, node.Domain))
            .Distinct()
            .Select((domain, i) => (domain, i))
            .ToDictionary(d => d.domain, d => d.i);
        _domains = [.. problem.Nodes.Select(node => numbers[(node.Site, node.Domain)])];
        _loads = new double[problem.Nodes.Length];
        _fromNode = new double[problem.Nodes.Length, problem.Nodes.Length];
        _fromDomain = new double[problem.Nodes.Length, numbers.Count];
    }

    /// <summary>In the order of the problem's VIPs.</summary>
    public ImmutableArray<Assignment> Place()
    {
        var order = Enumerable
            .Range(0, _problem.Vips.Length)
            .OrderBy(i => _problem.Vips[i].Site is null)
            .ThenByDescending(i => _problem.Vips[i].Demand.Bps)
            .ToArray();
        var owners = new int[_problem.Vips.Length];
        foreach (var vip in order)
        {
            var demand = _problem.Vips[vip].Demand.Bps;
            var owner = Eligible(vip).MinBy(node => (_loads[node] + demand) / _problem.Nodes[node].Capacity.Bps);
            _loads[owner] += demand;
            owners[vip] = owner;
        }

        var standbys = new ImmutableArray<NodeName>[_problem.Vips.Length];
        foreach (var vip in order)
            standbys[vip] = Standbys(vip, owners[vip]);
        return [.. _problem.Vips.Select((vip, i) => new Assignment(vip.Address, _problem.Nodes[owners[i]].Name, standbys[i]))];
    }

    private ImmutableArray<NodeName> Standbys(int vip, int owner)
    {
        var demand = _problem.Vips[vip].Demand.Bps;
        var chosen = new List<int>();
        var count = Math.Max(_problem.Protection.Nodes, _problem.Protection.Domains);
        while (chosen.Count < count)
        {
            var candidates = Candidates(vip, owner, chosen);
            var best = candidates.MinBy(node =>
                (_loads[node] + Math.Max(_fromNode[node, owner],
                    _fromDomain[node, _domains[owner]]) + demand) / _problem.Nodes[node].Capacity.Bps);
            _fromNode[best, owner] += (double)demand / (chosen.Count + 1);
            if (_problem.Protection.Domains > 0 && chosen.Count == 0)
                _fromDomain[best, _domains[owner]] += demand;
            chosen.Add(best);
        }

        return [.. chosen.Select(node => _problem.Nodes[node].Name)];
    }

    /// <summary>The first standby lies outside the owner's domain where a domain may fail.</summary>
    private List<int> Candidates(int vip, int owner, List<int> chosen)
    {
        var outside = _problem.Protection.Domains > 0 && chosen.Count == 0;
        var eligible = Eligible(vip);
        var candidates = new List<int>(CandidatesMax);
        var start = _random.Next(eligible.Length);
        var stride = eligible.Length <= CandidatesMax ? 1 : 1 + _random.Next(eligible.Length - 1);
        for (var step = 0; step < eligible.Length && candidates.Count < CandidatesMax; step++)
        {
            var node = eligible[(int)((start + ((long)step * stride)) % eligible.Length)];
            if (node != owner && !chosen.Contains(node) && !(outside && _domains[node] == _domains[owner]))
                candidates.Add(node);
        }

        return candidates.Count > 0
            ? candidates
            : [.. eligible.Where(node => node != owner && !chosen.Contains(node) && !(outside && _domains[node] == _domains[owner]))];
    }

    private int[] Eligible(int vip) => _problem.Vips[vip].Site is { } site ? _ofSite[site] : _everywhere;
}
