using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>How concentrated one service's VIPs are: of all services the one furthest above its bound.</summary>
/// <param name="Service">Null when nothing is placed.</param>
/// <param name="Most">The most of its VIPs in one place.</param>
/// <param name="Bound">What cannot be avoided: its VIPs by the places that may take them, rounded up.</param>
public sealed record Spread(ServiceName? Service, int Most, int Bound);

/// <summary>How good a plan is, each figure beside what no plan can do better than.</summary>
/// <param name="Moves">VIPs that get another owner, or one at all.</param>
/// <param name="MovedBps">Their demand.</param>
/// <param name="MovedBpsBound">
/// The least possible at the highest utilisations that the plan reaches, for each kind of nodes: those that the same VIPs may lie on.
/// </param>
/// <param name="UtilisationMax">Of any node in normal operation.</param>
public sealed record Certificate(
    int Moves, long MovedBps, long MovedBpsBound, double UtilisationMax, double UtilisationBound, Spread OnNodes, Spread OnDomains)
{
    /// <summary>VIPs that the plan leaves out are left out of the bounds too.</summary>
    public static Certificate Compute(PlacementProblem problem, PlacementPlan plan)
    {
        var nodes = problem.Nodes.ToDictionary(node => node.Name);
        var owners = plan.Assignments.ToDictionary(assignment => assignment.Address, assignment => assignment.Owner);
        problem = problem with { Vips = [.. problem.Vips.Where(vip => owners.ContainsKey(vip.Address))] };
        var moved = problem.Vips.Where(vip => vip.Owner != owners[vip.Address]).ToArray();
        var loads = new Dictionary<NodeName, Load>();
        foreach (var vip in problem.Vips)
            loads[owners[vip.Address]] = loads.GetValueOrDefault(owners[vip.Address]) + vip.Demand;
        var highest = loads.Select(load => load.Value.ShareOf(nodes[load.Key].Capacity)).DefaultIfEmpty().Max();
        return new Certificate(
            moved.Length,
            moved.Sum(vip => vip.Demand.Bps),
            MoveBound.Compute(problem, Reached(problem, nodes, loads)),
            highest,
            Bounds.Utilisation(problem),
            Furthest(problem, owners, nodes, node => node.Name),
            Furthest(problem, owners, nodes, node => (node.Site, node.Domain)));
    }

    /// <summary>A site that VIPs may not leave has a level of its own: what is moved there is measured by what is reached there.</summary>
    private static Func<PlanNode, double> Reached(PlacementProblem problem, Dictionary<NodeName, PlanNode> nodes, Dictionary<NodeName, Load> loads)
    {
        var asks = EligibilityClass.Group(problem);
        var kinds = nodes.Values.ToDictionary(node => node.Name, node => string.Concat(asks.Select(ask => ask.Has(node) ? '1' : '0')));
        var reached = new Dictionary<string, double>();
        foreach (var (name, load) in loads)
            reached[kinds[name]] = Math.Max(reached.GetValueOrDefault(kinds[name]), load.ShareOf(nodes[name].Capacity));
        return node => reached.GetValueOrDefault(kinds[node.Name]);
    }

    private static Spread Furthest<TPlace>(
        PlacementProblem problem, Dictionary<VipAddress, NodeName> owners, Dictionary<NodeName, PlanNode> nodes, Func<PlanNode, TPlace> placeOf)
        where TPlace : notnull
    {
        var placesOfAsk = new Dictionary<EligibilityClass, TPlace[]>();
        var furthest = new Spread(null, 0, 0);
        foreach (var service in problem.Vips.GroupBy(vip => vip.Service).OrderBy(service => service.Key))
        {
            var asks = service.Select(vip => new EligibilityClass(vip.Site, vip.Segment)).Distinct();
            var inUse = service.Select(vip => placeOf(nodes[owners[vip.Address]])).ToArray();
            var places = asks.SelectMany(PlacesOf).Concat(inUse).Distinct().Count();
            var most = inUse.CountBy(place => place).Max(place => place.Value);
            var bound = ((inUse.Length - 1) / places) + 1;
            if (furthest.Service is null || most - bound > furthest.Most - furthest.Bound)
                furthest = new Spread(service.Key, most, bound);
        }

        return furthest;

        TPlace[] PlacesOf(EligibilityClass ask)
        {
            if (!placesOfAsk.TryGetValue(ask, out var places))
                placesOfAsk.Add(
                    ask,
                    places =
                    [
                        .. problem.Nodes
                            .Where(node => node.State is PlanNodeState.Up or PlanNodeState.Cordoned && ask.Has(node))
                            .Select(placeOf)
                            .Distinct(),
                    ]);
            return places;
        }
    }
}
