using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// A lower bound on the highest utilisation that every placement has in normal operation. It counts two things for every eligibility class and
/// dimension. One is what is confined there, divided by what may carry it. The other is pigeonholes: the q largest VIPs must lie somewhere, and a
/// node filled to T holds at most as many of them as would fit of the smallest.
/// </summary>
internal static class UtilisationBound
{
    private const int Halvings = 40;

    public static double Compute(PlacementProblem problem)
    {
        var bound = 0.0;
        foreach (var confines in EligibilityClass.Group(problem))
        {
            foreach (var dimension in Dimensions.All)
            {
                var confined = new Confined(problem, confines, dimension);
                if (confined.Hosts.Length == 0 || confined.Demand == 0)
                    continue;
                bound = Math.Max(bound, Fluid(confined));
                foreach (var quantity in confined.Quantities(confined.Hosts.Length))
                    bound = Pigeonhole(confined, quantity, bound);
            }
        }

        return bound;
    }

    /// <summary>The level to which demand rises when it can be poured; a cordoned node takes no more than it has.</summary>
    private static double Fluid(Confined confined)
    {
        double demand = confined.Demand;
        var capacity = confined.Hosts.Sum(host => (double)host.Capacity);
        var hosts = confined.Hosts.Where(host => host.KeptDemand < long.MaxValue && host.Capacity > 0)
            .OrderBy(host => (double)host.KeptDemand / host.Capacity);
        foreach (var host in hosts)
        {
            if ((double)host.KeptDemand / host.Capacity >= demand / capacity)
                break;
            demand -= host.KeptDemand;
            capacity -= host.Capacity;
        }

        return capacity <= 0 ? 0 : demand / capacity;
    }

    /// <summary>
    /// The higher of <paramref name="known"/> and the level at which the nodes hold so many VIPs. Any level returned above <paramref name="known"/>
    /// was seen to be too low.
    /// </summary>
    private static double Pigeonhole(Confined confined, int quantity, double known)
    {
        if (Holds(confined, quantity, known))
            return known;
        var (low, high) = (known, Math.Max(known, 0.001) * 2);
        while (!Holds(confined, quantity, high))
        {
            if (high > 1e6)
                return low;
            (low, high) = (high, high * 2);
        }

        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Holds(confined, quantity, middle) ? (low, middle) : (middle, high);
        }

        return low;
    }

    private static bool Holds(Confined confined, int quantity, double level)
    {
        long slots = 0;
        foreach (ref readonly var host in confined.Hosts.AsSpan())
        {
            slots += confined.Slots(host, (long)(level * host.Capacity), quantity);
            if (slots >= quantity)
                return true;
        }

        return false;
    }
}
