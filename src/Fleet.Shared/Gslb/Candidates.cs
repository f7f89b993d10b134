using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>
/// The addresses a service may be answered with: its VIPs, with the weight of their owners, or, in direct-to-node, its backends, with their own
/// weight times what their feedback agents report. A backend that belongs to a site counts for the VIPs of that site alone.
/// </summary>
public static class Candidates
{
    private const int WholePercent = 100;

    /// <summary>The candidates of one service of the map; for many at once, sort the VIPs by service first.</summary>
    public static ImmutableArray<Candidate> ForService(FleetMap map, Service service) =>
        ForService(map, service, map.Vips.Values.Where(vip => vip.Service == service.Name));

    /// <param name="map">Who owns what, and what is known of backends.</param>
    /// <param name="service">One of the map's.</param>
    /// <param name="vips">Its VIPs.</param>
    /// <returns>All of them, those that are not answered included, in the order of the VIPs or backends.</returns>
    public static ImmutableArray<Candidate> ForService(FleetMap map, Service service, IEnumerable<VipEntry> vips) =>
        service.Gslb.Answer == AnswerKind.Backends ? OfBackends(map, service) : OfVips(map, service, vips);

    private static ImmutableArray<Candidate> OfVips(FleetMap map, Service service, IEnumerable<VipEntry> vips)
    {
        var candidates = ImmutableArray.CreateBuilder<Candidate>();
        var behind = new Dictionary<SiteName, AnswerTier>();
        foreach (var vip in vips)
        {
            var owner = vip.Owner is { } name ? map.Nodes.GetValueOrDefault(name) : null;
            if (owner is not { Presence: NodePresence.Up } || vip.Phase is VipPhase.Unplaced or VipPhase.Releasing)
            {
                candidates.Add(new Candidate(vip.Address.Value, 0, owner?.Facts.Site ?? vip.Site, AnswerTier.Out, vip.Phase, vip.Owner?.Value));
                continue;
            }

            var site = owner.Facts.Site;
            if (!behind.TryGetValue(site, out var tier))
                behind[site] = tier = Worse(Behind(map, service, site), map.SiteOf(site).HeldDown ? AnswerTier.HeldDown : AnswerTier.None);
            var weight = service.Gslb.Weights == AnswerWeights.Even ? 1 : Math.Max(1, owner.Weight);
            candidates.Add(
                new Candidate(
                    vip.Address.Value,
                    weight,
                    site,
                    Worse(tier, owner.Suspected ? AnswerTier.Suspected : AnswerTier.None),
                    vip.Phase,
                    owner.Name.Value));
        }

        return candidates.ToImmutable();
    }

    /// <summary>The tier that backends give the VIPs at a site: backends of that site and of no site count, or all where there are none.</summary>
    private static AnswerTier Behind(FleetMap map, Service service, SiteName site)
    {
        var near = service.Pool.Backends.Where(backend => backend.Site is null || backend.Site == site);
        var counted = near.Any() ? near : service.Pool.Backends;
        if (counted.Any(backend => map.VerdictOf(service.Name, backend.Name) != Verdict.Down))
            return AnswerTier.None;
        return service.Pool.AllDown == AllDown.ServeAll ? AnswerTier.Desperate : AnswerTier.Out;
    }

    private static ImmutableArray<Candidate> OfBackends(FleetMap map, Service service)
    {
        var whenDown = service.Pool.AllDown == AllDown.ServeAll ? AnswerTier.Desperate : AnswerTier.Out;
        return
        [
            .. service.Pool.Backends.Select(backend =>
            {
                var verdict = map.VerdictOf(service.Name, backend.Name);
                var weight = WeightOf(map, service, backend);
                var held = backend.Site is { } site && map.SiteOf(site).HeldDown ? AnswerTier.HeldDown : AnswerTier.None;
                var tier = verdict == Verdict.Down ? whenDown : Worse(held, weight == 0 ? AnswerTier.Drained : AnswerTier.None);
                return new Candidate(
                    backend.Address.Address,
                    weight,
                    backend.Site,
                    tier,
                    verdict == Verdict.Unknown ? VipPhase.Arriving : VipPhase.Serving,
                    backend.Name);
            }),
        ];
    }

    /// <summary>In hundredths, so that a small weight is not rounded away.</summary>
    private static int WeightOf(FleetMap map, Service service, Backend backend)
    {
        var feedback = map.Feedback.GetValueOrDefault(new BackendKey(service.Name, backend.Name), WholePercent);
        var weight = backend.Weight * feedback;
        return service.Gslb.Weights == AnswerWeights.Even ? Math.Min(1, weight) : weight;
    }

    private static AnswerTier Worse(AnswerTier one, AnswerTier other) => one > other ? one : other;
}
