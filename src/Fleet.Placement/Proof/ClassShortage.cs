using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// What a failure leaves of an eligibility class, against what is confined to it. Whatever the placement, after the failure of the k nodes that could
/// hold most, or of a domain, everything must lie on the rest: its demand in sum, and its q largest VIPs in number.
/// </summary>
internal sealed class ClassShortage(Confined confined, Protection protection)
{
    private readonly Host[] _hosts = confined.Hosts;

    public Shortage? Find()
    {
        if (confined.Demand == 0)
            return null;
        foreach (var (room, failed) in Remainders([.. _hosts.Select(host => Math.Min(host.Limit, host.KeptDemand))]))
        {
            if (room < confined.Demand)
                return TooMuch(room, failed);
        }

        foreach (var quantity in confined.Quantities(_hosts.Length).Union(confined.Quantities(Math.Max(1, _hosts.Length - protection.Nodes))))
        {
            foreach (var (slots, failed) in Remainders([.. _hosts.Select(host => (long)confined.Slots(host, host.Limit, quantity))]))
            {
                if (slots < quantity)
                    return TooMany(quantity, slots, failed);
            }
        }

        return null;
    }

    /// <summary>What is left of the sum after the worst set of k nodes, and after each domain.</summary>
    private IEnumerable<(long Left, ImmutableArray<NodeName> Failed)> Remainders(long[] parts)
    {
        var sum = parts.Sum(part => (decimal)part);
        var worst = Enumerable.Range(0, parts.Length).OrderByDescending(i => parts[i]).Take(protection.Nodes).Where(i => parts[i] > 0).ToArray();
        yield return Rest(worst);
        if (protection.Domains == 0)
            yield break;
        foreach (var domain in Enumerable.Range(0, parts.Length).GroupBy(i => (_hosts[i].Node.Site, _hosts[i].Node.Domain)))
            yield return Rest([.. domain]);

        (long, ImmutableArray<NodeName>) Rest(int[] failed) =>
            ((long)Math.Min(sum - failed.Sum(i => (decimal)parts[i]), long.MaxValue), [.. failed.Select(i => _hosts[i].Node.Name).Order()]);
    }

    private Shortage TooMuch(long left, ImmutableArray<NodeName> failed)
    {
        var missing = confined.Demand - left;
        var capacity = protection.UtilisationMax > 0 ? (long)Math.Ceiling(missing / protection.UtilisationMax) : missing;
        var median = Median();
        var nodes = median.Limit > 0 ? ((missing - 1) / median.Limit) + 1 : 1;
        var size = median.Limit > 0 ? median.Capacity : capacity;
        return new Shortage(
            ShortageKind.TooMuchDemand, confined.Class.ToString(), failed, confined.Demand, left, null, confined.Dimension, capacity, nodes, size);
    }

    private Shortage TooMany(int quantity, long left, ImmutableArray<NodeName> failed)
    {
        var (median, missing) = (Median(), quantity - left);
        var each = confined.Slots(median, median.Limit, quantity);
        var nodes = each > 0 ? ((missing - 1) / each) + 1 : missing;
        var size = each > 0 ? median.Capacity : confined.SmallestOf(quantity, 1);
        return new Shortage(
            ShortageKind.TooManyLargeVips, confined.Class.ToString(), failed, quantity, left, null, confined.Dimension, 0, nodes, size);
    }

    private Host Median()
    {
        var sorted = _hosts.OrderBy(host => host.Limit).ToArray();
        return sorted.Length == 0 ? default : sorted[sorted.Length / 2] with { KeptCount = int.MaxValue };
    }
}
