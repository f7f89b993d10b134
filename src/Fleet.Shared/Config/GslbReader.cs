using System.Collections.Immutable;
using Fleet.Shared.Dns;
using Fleet.Shared.Gate;
using Fleet.Shared.Gslb;
using Fleet.Shared.Hocon;
using Fleet.Shared.Model;
using static Fleet.Shared.Config.Readings;

namespace Fleet.Shared.Config;

/// <summary>What configuration says of DNS: `fleet.gslb`, and `gslb` of a service.</summary>
internal static class GslbReader
{
    public static GslbZone Zone(ConfigReader gslb)
    {
        var errors = gslb.ErrorCount;
        var zone = new GslbZone(
            gslb.Value("zone", Readings.Zone),
            gslb.Value("ttl", Seconds(Limits.Ttl)),
            gslb.Value("negative-ttl", Seconds(Limits.Ttl)),
            gslb.Value("answers-max", Whole(Limits.AnswersMax)),
            gslb.Value("contact", Label))
        {
            Zones = gslb.List("zones", Readings.Zone),
            Records = gslb.List("records", RecordLine),
            Topology = Topology(gslb),
            HoldDownMs = gslb.Value("hold-down", Milliseconds(Limits.HoldDown)),
            TransferTo = gslb.List("transfer-to", Readings.Prefix),
            ResponsesMax = gslb.Value("responses-max", Whole(Limits.ResponsesMax)),
            QueryLog = gslb.Value("query-log", Fraction(Limits.QueryLog)),
        };
        if (gslb.IsSoundSince(errors))
            Records(gslb, zone);
        gslb.Close();
        return zone;
    }

    public static GslbSpec Spec(ConfigReader gslb)
    {
        var spec = new GslbSpec(
            gslb.Optional("name", Label),
            gslb.OptionalValue("ttl", Seconds(Limits.Ttl)),
            gslb.OptionalValue("answers-max", Whole(Limits.AnswersMax)))
        {
            Zone = gslb.Optional("zone", Readings.Zone),
            Answer = gslb.Value("answer", Choice(("vips", AnswerKind.Vips), ("backends", AnswerKind.Backends))),
            Topology = gslb.Value("topology", Switch),
            Sites = [.. gslb.List("sites", Name).Select(name => new SiteName(name))],
            Weights = gslb.Value("weights", Choice(("headroom", AnswerWeights.Headroom), ("even", AnswerWeights.Even))),
            Overflow = gslb.Value("overflow", Switch),
            Sticky = gslb.Value("sticky", Switch),
            Fallback = gslb.Optional("fallback", Readings.Zone),
        };
        if (spec.Sites.GroupBy(site => site).FirstOrDefault(site => site.Count() > 1) is { } twice)
            gslb.Report("sites", $"{twice.Key} twice", "each site once");
        gslb.Close();
        return spec;
    }

    private static void Records(ConfigReader gslb, GslbZone zone)
    {
        foreach (var line in zone.Records)
        {
            if (PlainRecords.MistakeIn(line, zone) is { } allowed)
                gslb.Report("records", HoconJson.Quote(line), allowed);
        }

        var names = PlainRecords.ForZone(zone).ToLookup(set => set.Name);
        foreach (var name in names.Where(name => name.Count() > 1 && name.Any(set => set.Type == DnsType.Cname)))
            gslb.Report("records", $"{name.Key} with a CNAME and other records", "a CNAME alone at its name (RFC 1034 3.6.2)");
        foreach (var set in names.SelectMany(name => name).Where(set => set is { Type: DnsType.Cname, Data.Length: > 1 }))
            gslb.Report("records", $"{set.Name} with {set.Data.Length} CNAMEs", "one CNAME at a name (RFC 2181 10.1)");
    }

    private static ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> Topology(ConfigReader gslb)
    {
        var sites = ImmutableSortedDictionary.CreateBuilder<SiteName, ImmutableArray<Prefix>>();
        var owners = new Dictionary<Prefix, string>();
        foreach (var (site, prefixes) in gslb.Lists("topology", Name, Readings.Prefix))
        {
            sites[new SiteName(site)] = prefixes;
            foreach (var prefix in prefixes)
            {
                if (!owners.TryAdd(prefix, site))
                    gslb.Report("topology", $"{prefix} in {owners[prefix]} and in {site}", "each prefix once");
            }
        }

        return sites.ToImmutable();
    }
}
