using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// Looks for a proof that a problem has no protected placement: first VIP by VIP, then by what is left of every eligibility class after its worst
/// failure.
/// </summary>
internal sealed class ShortageSearch(PlacementProblem problem)
{
    private readonly Protection _protection = problem.Protection;

    public Shortage? Find()
    {
        var classes = EligibilityClass.Group(problem);
        foreach (var ask in classes)
        {
            if (OfOneVip(ask) is { } shortage)
                return shortage;
        }

        foreach (var confines in classes)
        {
            foreach (var dimension in Dimensions.All)
            {
                if (new ClassShortage(new Confined(problem, confines, dimension), _protection).Find() is { } shortage)
                    return shortage;
            }
        }

        return null;
    }

    /// <summary>Owner and k standbys must each be able to carry a VIP alone, and where a domain may fail they must lie in two.</summary>
    private Shortage? OfOneVip(EligibilityClass ask)
    {
        var vips = problem.Vips.Where(vip => (vip.Site, vip.Segment) == (ask.Site, ask.Segment)).OrderBy(vip => vip.Address);
        var takers = problem.Nodes.Where(node => ask.Has(node) && node.State == PlanNodeState.Up)
            .Select(node => (Node: node, Limit: problem.LimitOf(node)))
                .OrderByDescending(taker => taker.Limit.Bps)
                .ThenBy(taker => taker.Node.Name)
                .ToArray();
        var keepers = problem.Nodes.Where(node => node.State == PlanNodeState.Cordoned && ask.Has(node)).ToDictionary(node => node.Name);
        foreach (var vip in vips)
        {
            var keeper = vip.Owner is { } owner ? keepers.GetValueOrDefault(owner) : null;
            var fits = keeper is not null && vip.Demand.FitsIn(problem.LimitOf(keeper)) ? 1 : 0;
            var (first, areTwoDomains) = (fits == 1 ? keeper : null, _protection.Domains == 0);
            foreach (var (node, limit) in takers)
            {
                if (fits > _protection.Nodes && areTwoDomains)
                    break;
                if (!vip.Demand.FitsIn(limit))
                    continue;
                fits++;
                first ??= node;
                areTwoDomains |= (first.Site, first.Domain) != (node.Site, node.Domain);
            }

            if (fits <= _protection.Nodes)
                return TooFew(vip, ask, fits, takers.Length + (keeper is null ? 0 : 1));
            if (!areTwoDomains)
                return new Shortage(ShortageKind.OneDomain, ask.ToString(), [], 2, 1, vip.Address, null, 0, 1, 0);
        }

        return null;
    }

    private Shortage TooFew(PlanVip vip, EligibilityClass ask, int fits, int eligible)
    {
        var needed = _protection.Nodes + 1;
        if (eligible < needed)
            return new Shortage(ShortageKind.TooFewNodes, ask.ToString(), [], needed, eligible, vip.Address, null, 0, needed - eligible, 0);
        var dimension = problem.Nodes.Count(node => ask.Has(node) && vip.Demand.Bps <= problem.LimitOf(node).Bps) <= _protection.Nodes
            ? Dimension.Bps
            : Dimension.Cps;
        var demand = vip.Demand.In(dimension);
        return new Shortage(
            ShortageKind.VipTooLarge, ask.ToString(), [], demand, fits, vip.Address, dimension, 0, needed - fits, CapacityFor(demand));
    }

    /// <summary>The capacity of which the permitted part is at least <paramref name="demand"/>.</summary>
    private long CapacityFor(long demand) => _protection.UtilisationMax > 0 ? (long)Math.Ceiling(demand / _protection.UtilisationMax) : demand;
}
