using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>Says step by step why a client is answered as it is: what a node does for each query, in words.</summary>
public static class Explanation
{
    private const int ShownMax = 8;

    /// <summary>The steps for one service and one family.</summary>
    /// <param name="map">What is answered from.</param>
    /// <param name="service">One of the map's.</param>
    /// <param name="type">A or AAAA.</param>
    /// <param name="client">The client; null where the asker's own address counts, which is not known here.</param>
    public static ImmutableArray<string> Explain(FleetMap map, Service service, DnsType type, ClientSubnet? client)
    {
        var family = type == DnsType.Aaaa ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var candidates = Candidates.ForService(map, service);
        var (site, whose) = Place(map, client);
        var choice = SiteOrder.Choose(map.Sites, service.Gslb, candidates, family, site);
        return
        [
            Name(map, service),
            whose,
            .. candidates
                .Where(candidate => candidate.Address.AddressFamily == family)
                .GroupBy(candidate => candidate.Site)
                .OrderBy(group => group.Key?.Value, StringComparer.Ordinal)
                .Select(group => Site(map, group.Key, [.. group])),
            $"Order of sites: "
            + $"{string.Join(", then ", SiteOrder.Levels(service.Gslb, site).Select(Level))}.",
            .. Drawn(service, candidates, choice),
        ];
    }

    private static string Level(SiteName? level, int index) => level?.Value ?? (index == 0 ? "all together" : "all others together");

    /// <summary>The site of a client, and in words how that is known.</summary>
    private static (SiteName? Site, string Words) Place(FleetMap map, ClientSubnet? client)
    {
        if (client is not { SourcePrefix: > 0 } subnet)
            return (null, "No client subnet: whoever asks counts as the client; here, somebody of no site.");
        var table = ClientTable.Build(map.Policy.Zone.Topology);
        var place = table.Find(subnet.Address, subnet.Family == 2);
        var text = new Prefix(subnet.Address, subnet.SourcePrefix, subnet.Family == 2);
        return table.NameOf(place) is { } site
            ? (site, $"Client {text} is of site {site}; so is all of /{place.Scope} around it (scope).")
            : (null, $"Client {text} is of no site: no prefix of fleet.gslb.topology holds it (scope /{place.Scope}).");
    }

    private static string Name(FleetMap map, Service service)
    {
        var (policy, spec) = (map.Policy.Zone, service.Gslb);
        string[] manners =
        [
            spec.Answer == AnswerKind.Backends ? "its backends are answered (direct-to-node)" : "its VIPs are answered",
            spec.Topology ? "own site first" : "no own site",
            spec.Weights == AnswerWeights.Even ? "all alike" : spec.Answer == AnswerKind.Backends ? "by weight and feedback" : "by headroom",
            .. spec.Overflow ? ["what does not fit goes elsewhere"] : Array.Empty<string>(),
            .. spec.Sticky ? ["the same for a network always"] : Array.Empty<string>(),
        ];
        return $"{GslbNames.ForService(policy, service)} is service {service.Name}: {string.Join(", ", manners)}; at most "
            + $"{GslbNames.AnswersMaxOf(policy, service)} at a time, TTL {GslbNames.TtlOf(policy, service)} s.";
    }

    private static string Site(FleetMap map, SiteName? site, ImmutableArray<Candidate> candidates)
    {
        var kinds = candidates.GroupBy(candidate => candidate.AnswerTier switch
        {
            AnswerTier.None or AnswerTier.HeldDown => candidate.Phase.ToString().ToLowerInvariant(),
            var tier => tier.ToString().ToLowerInvariant(),
        });
        var notes = new List<string>();
        if (site is { } name && map.SiteOf(name) is var entry)
        {
            if (entry.HeldDown)
                notes.Add("held: it was out, and is answered only if nothing else can be");
            if (entry.Kept < SiteEntry.KeptAll)
                notes.Add($"full: {Percent(entry.Kept)} of its own clients' queries fit");
        }

        return $"{site?.Value ?? "No site"}: "
            + $"{string.Join(", ", kinds.Select(kind => $"{kind.Count()} {kind.Key}"))}{string.Concat(notes.Select(note => $"; {note}"))}.";
    }

    private static IEnumerable<string> Drawn(Service service, ImmutableArray<Candidate> candidates, SiteChoice choice)
    {
        if (choice.First.IsEmpty)
        {
            yield return service.Gslb.Fallback is { } fallback
                ? $"Nothing can be answered; if that is so of both A and AAAA, CNAME {fallback} is."
                : "Nothing can be answered: no data.";
            yield break;
        }

        if (choice.Elsewhere.IsEmpty)
        {
            yield return $"Drawn from {List(candidates, choice.First)}.";
            yield break;
        }

        yield return $"{Percent(choice.Kept)} of the time drawn from {List(candidates, choice.First)}.";
        yield return $"{Percent(SiteEntry.KeptAll - choice.Kept)} of the time drawn from {List(candidates, choice.Elsewhere)}.";
    }

    private static string List(ImmutableArray<Candidate> candidates, ImmutableArray<int> drawn)
    {
        var sum = drawn.Sum(i => (long)candidates[i].Weight);
        var shown = drawn.Take(ShownMax).Select(i => candidates[i]).Select(candidate =>
            $"{candidate.Address} ({candidate.Holder}, "
            + $"{(sum == 0 ? 1.0 / drawn.Length : candidate.Weight / (double)sum).ToString("P1", CultureInfo.InvariantCulture)})");
        var rest = drawn.Length > ShownMax ? $" and {drawn.Length - ShownMax} more" : "";
        return string.Join(", ", shown) + rest;
    }

    private static string Percent(int kept) => (kept / (double)SiteEntry.KeptAll).ToString("P1", CultureInfo.InvariantCulture);
}
