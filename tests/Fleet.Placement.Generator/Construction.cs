using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Generator;

/// <summary>
/// Places a fleet in the plainest way that spreads what a failure leaves behind: the largest VIP first on the emptiest node; as standbys those of a few candidates that
/// would be least full if the owner failed. It knows nothing of the planner.
/// </summary>
internal sealed class Construction
{
    private const int CandidatesMax = 24;

    private readonly PlacementProblem problem;
    private readonly Random random;
    private readonly double[] loads;
    private readonly double[,] fromNode;
    private readonly double[,] fromDomain;
    private readonly int[] domains;
    private readonly Dictionary<SiteName, int[]> ofSite;
    private readonly int[] everywhere;

    public Construction(PlacementProblem problem, Random random)
    {
        (this.problem, this.random) = (problem, random);
        everywhere = [.. Enumerable.Range(0, problem.Nodes.Length)];
        ofSite = everywhere.GroupBy(i => problem.Nodes[i].Site).ToDictionary(site => site.Key, site => site.ToArray());
        var numbers = problem.Nodes.Select(node => (node.Site, node.Domain)).Distinct().Select((domain, i) => (domain, i)).ToDictionary(d => d.domain, d => d.i);
        domains = [.. problem.Nodes.Select(node => numbers[(node.Site, node.Domain)])];
        loads = new double[problem.Nodes.Length];
        fromNode = new double[problem.Nodes.Length, problem.Nodes.Length];
        fromDomain = new double[problem.Nodes.Length, numbers.Count];
    }

    /// <summary>In the order of the problem's VIPs.</summary>
    public ImmutableArray<Assignment> Place()
    {
        var order = Enumerable.Range(0, problem.Vips.Length).OrderBy(i => problem.Vips[i].Site is null).ThenByDescending(i => problem.Vips[i].Demand.Bps).ToArray();
        var owners = new int[problem.Vips.Length];
        foreach (var vip in order)
        {
            var demand = problem.Vips[vip].Demand.Bps;
            var owner = Eligible(vip).MinBy(node => (loads[node] + demand) / problem.Nodes[node].Capacity.Bps);
            loads[owner] += demand;
            owners[vip] = owner;
        }

        var standbys = new ImmutableArray<NodeName>[problem.Vips.Length];
        foreach (var vip in order)
            standbys[vip] = Standbys(vip, owners[vip]);
        return [.. problem.Vips.Select((vip, i) => new Assignment(vip.Address, problem.Nodes[owners[i]].Name, standbys[i]))];
    }

    private ImmutableArray<NodeName> Standbys(int vip, int owner)
    {
        var demand = problem.Vips[vip].Demand.Bps;
        var chosen = new List<int>();
        var count = Math.Max(problem.Protection.Nodes, problem.Protection.Domains);
        while (chosen.Count < count)
        {
            var candidates = Candidates(vip, owner, chosen);
            var best = candidates.MinBy(node => (loads[node] + Math.Max(fromNode[node, owner], fromDomain[node, domains[owner]]) + demand) / problem.Nodes[node].Capacity.Bps);
            fromNode[best, owner] += (double)demand / (chosen.Count + 1);
            if (problem.Protection.Domains > 0 && chosen.Count == 0)
                fromDomain[best, domains[owner]] += demand;
            chosen.Add(best);
        }

        return [.. chosen.Select(node => problem.Nodes[node].Name)];
    }

    /// <summary>The first standby lies outside the owner's domain where a domain may fail.</summary>
    private List<int> Candidates(int vip, int owner, List<int> chosen)
    {
        var outside = problem.Protection.Domains > 0 && chosen.Count == 0;
        var eligible = Eligible(vip);
        var candidates = new List<int>(CandidatesMax);
        var start = random.Next(eligible.Length);
        var stride = eligible.Length <= CandidatesMax ? 1 : 1 + random.Next(eligible.Length - 1);
        for (var step = 0; step < eligible.Length && candidates.Count < CandidatesMax; step++)
        {
            var node = eligible[(int)((start + ((long)step * stride)) % eligible.Length)];
            if (node != owner && !chosen.Contains(node) && !(outside && domains[node] == domains[owner]))
                candidates.Add(node);
        }

        return candidates.Count > 0 ? candidates : [.. eligible.Where(node => node != owner && !chosen.Contains(node) && !(outside && domains[node] == domains[owner]))];
    }

    private int[] Eligible(int vip) => problem.Vips[vip].Site is { } site ? ofSite[site] : everywhere;
}
