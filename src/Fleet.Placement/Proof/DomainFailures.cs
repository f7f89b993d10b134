using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>Lets every failure domain fail in turn and moves its VIPs, one by one, to their first standby outside.</summary>
internal static class DomainFailures
{
    public static void Offer(PlacedFleet fleet, WorstSoFar worst)
    {
        var members = new List<int>[fleet.DomainCount];
        for (var i = 0; i < fleet.Nodes.Length; i++)
            (members[fleet.Domains[i]] ??= []).Add(i);
        var vipsByDomain = VipsByDomain(fleet, out var from);
        var inherited = new Load[fleet.Nodes.Length];
        var successors = new List<int>();
        for (var domain = 0; domain < fleet.DomainCount; domain++)
        {
            for (var i = from[domain]; i < from[domain + 1]; i++)
                Move(fleet, fleet.Vips[vipsByDomain[i]], domain, inherited, successors);
            var failed = members[domain].ToArray();
            foreach (var successor in successors)
            {
                if (inherited[successor] == Load.None)
                    continue;
                worst.Offer(successor, fleet.Loads[successor] + inherited[successor], failed);
                inherited[successor] = Load.None;
            }

            successors.Clear();
        }
    }

    private static void Move(PlacedFleet fleet, in PlacedVip vip, int domain, Load[] inherited, List<int> successors)
    {
        foreach (var standby in fleet.StandbysOf(vip))
        {
            if (fleet.Domains[standby] == domain)
                continue;
            if (inherited[standby] == Load.None)
                successors.Add(standby);
            inherited[standby] += vip.Demand;
            return;
        }
    }

    private static int[] VipsByDomain(PlacedFleet fleet, out int[] from)
    {
        from = new int[fleet.DomainCount + 1];
        foreach (ref readonly var vip in fleet.Vips.AsSpan())
            from[fleet.Domains[vip.Owner] + 1]++;
        for (var i = 0; i < fleet.DomainCount; i++)
            from[i + 1] += from[i];
        var next = from.AsSpan().ToArray();
        var sorted = new int[fleet.Vips.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[next[fleet.Domains[fleet.Vips[i].Owner]]++] = i;
        return sorted;
    }
}
