using System.Collections.Immutable;
using Fleet.Shared.Model;
using static Fleet.Shared.Gate.Places;

namespace Fleet.Shared.Gate;

/// <summary>What the whole fleet may agree on, for a policy that does not come straight from a configuration.</summary>
internal static class PolicyRules
{
    public static readonly RuleTable<FleetPolicy> Table = new(
        [
            Number<FleetPolicy>("lease.heartbeat-ms", Limits.Heartbeat, p => p.Lease.HeartbeatMs),
            Number<FleetPolicy>("lease.duration-ms", Limits.LeaseDuration, p => p.Lease.DurationMs),
            Number<FleetPolicy>("lease.margin-ms", Limits.LeaseMargin, p => p.Lease.MarginMs),
            Number<FleetPolicy>("protection.nodes", Limits.ProtectedNodes, p => p.Protection.Nodes),
            Number<FleetPolicy>("protection.domains", Limits.ProtectedDomains, p => p.Protection.Domains),
            Number<FleetPolicy>("placement.drain-min-ms", Limits.DrainMin, p => p.Placement.DrainMinMs),
            Number<FleetPolicy>("placement.demand-window-ms", Limits.DemandWindow, p => p.Placement.DemandWindowMs),
            Number<FleetPolicy>("zone.ttl-seconds", Limits.Ttl, p => p.Zone.TtlSeconds),
            Number<FleetPolicy>("zone.negative-ttl-seconds", Limits.Ttl, p => p.Zone.NegativeTtlSeconds),
            Number<FleetPolicy>("zone.answers-max", Limits.AnswersMax, p => p.Zone.AnswersMax),
            Number<FleetPolicy>("zone.hold-down-ms", Limits.HoldDown, p => p.Zone.HoldDownMs),
            Number<FleetPolicy>("zone.responses-max", Limits.ResponsesMax, p => p.Zone.ResponsesMax),
        ],
        [
            Word<FleetPolicy>("cluster", Texts.Name, p => p.Cluster),
            Word<FleetPolicy>("zone.name", Texts.Zone, p => p.Zone.Name),
            Word<FleetPolicy>("zone.contact", Texts.Label, p => p.Zone.Contact),
            Words<FleetPolicy, string>("zone.zones[]", Texts.Zone, p => p.Zone.Zones, zone => zone ?? ""),
        ],
        new Dictionary<string, string>());

    public static ImmutableArray<Mistake> Mistakes(FleetPolicy policy) =>
        policy is { Lease: not null, Protection: not null, Placement: not null, Zone: not null }
        ? [.. Table.Mistakes(policy), .. Fractions(policy), .. Lease(policy.Lease), .. Pool(policy)]
        : [new Mistake("", "a policy that lacks lease, protection, placement or zone", "all of them")];

    private static IEnumerable<Mistake> Fractions(FleetPolicy policy) =>
        from at in new (string Path, FractionRange Range, double Part)[]
        {
            ("protection.utilisation-max", Limits.UtilisationMax, policy.Protection.UtilisationMax),
            ("placement.share-max", Limits.ShareMax, policy.Placement.ShareMax),
            ("placement.moves-in-flight-max", Limits.ShareMax, policy.Placement.MovesInFlightMax),
            ("placement.balance-band", Limits.BalanceBand, policy.Placement.BalanceBand),
            ("placement.demand-percentile", Limits.DemandPercentile, policy.Placement.DemandPercentile),
            ("placement.demand-margin", Limits.DemandMargin, policy.Placement.DemandMargin),
            ("zone.query-log", Limits.QueryLog, policy.Zone.QueryLog),
        }
        where !at.Range.Has(at.Part)
        select new Mistake(at.Path, $"{at.Part}", at.Range.AllowedInJson);

    /// <summary>The rules between the lease's times, in the words of both sides.</summary>
    public static IEnumerable<Mistake> Lease(LeaseTerms terms)
    {
        if (terms.DurationMs < 3L * terms.HeartbeatMs)
            yield return new Mistake(
                "lease.duration-ms",
                $"{terms.DurationMs}ms with a heartbeat of {terms.HeartbeatMs}ms",
                $"at least 3 heartbeats, {3L * terms.HeartbeatMs}ms");
        if (terms.MarginMs >= terms.DurationMs)
            yield return new Mistake("lease.margin-ms", $"{terms.MarginMs}ms with a duration of {terms.DurationMs}ms", "less than the duration");
    }

    private static IEnumerable<Mistake> Pool(FleetPolicy policy) =>
        from range in policy.VipPool.IsDefault ? [] : policy.VipPool.Select((text, i) => (Text: text, Index: i))
        where !AddressRange.TryParse(range.Text, out var parsed) || !Texts.AreHosts(parsed.First, parsed.Last)
        select new Mistake($"vip-pool[{range.Index}]", Mistake.Quote(range.Text), Texts.Host);
}
