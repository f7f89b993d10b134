using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>The candidates that clients of one site are answered from, as places in the list of candidates.</summary>
/// <param name="First">The candidates drawn from; empty where there is nothing to answer.</param>
/// <param name="Kept">How many of <see cref="SiteEntry.KeptAll"/> queries are answered from <paramref name="First"/>.</param>
/// <param name="Elsewhere">The candidates that the rest are answered from; empty where all are kept.</param>
public sealed record SiteChoice(ImmutableArray<int> First, int Kept, ImmutableArray<int> Elsewhere)
{
    public static readonly SiteChoice Nothing = new([], SiteEntry.KeptAll, []);
}

/// <summary>
/// Which candidates clients of a site are answered with. The levels are: the client's own site, the listed sites one by one, all others together. The
/// best grade that any level has wins, and the first level that has it. In that level a VIP that is served goes before one that is draining.
/// </summary>
public static class SiteOrder
{
    /// <param name="sites">The sites that are not well.</param>
    /// <param name="spec">The order of sites.</param>
    /// <param name="candidates">All of the service.</param>
    /// <param name="family">IPv4 or IPv6: each is chosen by itself.</param>
    /// <param name="client">The client's own site; null where it is of none.</param>
    public static SiteChoice Choose(
        ImmutableSortedDictionary<SiteName, SiteEntry> sites,
        GslbSpec spec,
        ImmutableArray<Candidate> candidates,
        AddressFamily family,
        SiteName? client)
    {
        var mine = Enumerable.Range(0, candidates.Length)
            .Where(i => candidates[i].Address.AddressFamily == family && candidates[i].AnswerTier != AnswerTier.Out)
            .ToArray();
        var levels = Levels(spec, client);
        var first = Best(candidates, mine, levels, Candidate.GradeMax);
        if (!spec.Overflow || SpentSite(sites, candidates, first) is not { } spent)
            return first.IsEmpty ? SiteChoice.Nothing : new SiteChoice(first, SiteEntry.KeptAll, []);
        var elsewhere = Best(candidates, [.. mine.Where(i => candidates[i].Site != spent.Name)], levels, gradeMax: 1);
        return elsewhere.IsEmpty ? new SiteChoice(first, SiteEntry.KeptAll, []) : new SiteChoice(first, spent.Kept, elsewhere);
    }

    /// <summary>The sites of each level; the null at the end stands for all sites that no level before it has.</summary>
    public static ImmutableArray<SiteName?> Levels(GslbSpec spec, SiteName? client)
    {
        var levels = ImmutableArray.CreateBuilder<SiteName?>();
        if (spec.Topology && client is { } own)
            levels.Add(own);
        foreach (var site in spec.Sites)
        {
            if (!levels.Contains(site))
                levels.Add(site);
        }

        levels.Add(null);
        return levels.ToImmutable();
    }

    private static ImmutableArray<int> Best(ImmutableArray<Candidate> candidates, int[] mine, ImmutableArray<SiteName?> levels, int gradeMax)
    {
        var grade = mine.Length == 0 ? gradeMax : mine.Min(i => candidates[i].Grade);
        if (grade >= gradeMax)
            return [];
        var graded = mine.Where(i => candidates[i].Grade == grade).ToArray();
        foreach (var level in levels)
        {
            var here = graded
                .Where(i => level is { } site ? candidates[i].Site == site : candidates[i].Site is not { } named || !levels.Contains(named))
                .ToArray();
            if (here.Length > 0)
                return Served(candidates, here);
        }

        return [];
    }

    private static ImmutableArray<int> Served(ImmutableArray<Candidate> candidates, int[] here)
    {
        var served = here.Where(i => candidates[i].Phase == VipPhase.Serving).ToImmutableArray();
        return served.IsEmpty ? [.. here] : served;
    }

    /// <summary>The one site that these lie in, if its headroom is spent.</summary>
    private static SiteEntry? SpentSite(
        ImmutableSortedDictionary<SiteName, SiteEntry> sites, ImmutableArray<Candidate> candidates, ImmutableArray<int> chosen)
    {
        if (chosen.IsEmpty || candidates[chosen[0]].Site is not { } site || chosen.Any(i => candidates[i].Site != site))
            return null;
        return sites.TryGetValue(site, out var entry) && entry.Kept < SiteEntry.KeptAll ? entry : null;
    }
}
