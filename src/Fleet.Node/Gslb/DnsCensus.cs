using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Node.Gslb.Answering;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Api;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb;

/// <summary>Adds up what all lanes have counted, and gives it names.</summary>
internal static class DnsCensus
{
    private static readonly ImmutableArray<string> Words =
        [.. Enum.GetNames<Counter>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    /// <summary>The counters of now, for the names that <paramref name="zones"/> hold; costs a look-up for each lane, name and address.</summary>
    public static DnsView Take(DnsTally tally, ZoneSnapshot? zones)
    {
        var sums = tally.Sums();
        var brief = tally.Read();
        var lanes = tally.Lanes;
        var sets = zones is null
            ? []
            : zones.Zones.SelectMany(zone => ZoneRecords.InZone(zones, zone)).Where(set => set.Type is DnsType.A or DnsType.Aaaa);
        return new DnsView(
            brief.Queries,
            brief.Answers,
            Enumerable.Range(0, sums.Length).ToImmutableSortedDictionary(i => Words[i], i => sums[i], StringComparer.Ordinal),
            [.. sets.GroupBy(set => set.Name).Select(name => Sum(lanes, name)).OrderBy(name => name.Name, StringComparer.Ordinal)]);
    }

    private static DnsNameView Sum(ImmutableArray<Lane> lanes, IGrouping<DnsName, RecordSet> name) => new(
        name.Key.ToString(),
        lanes.Sum(lane => lane.Names.Queries(name.Key.Wire)),
        name.SelectMany(set => set.Data).ToImmutableSortedDictionary(
            data => new System.Net.IPAddress(data.AsSpan()).ToString(),
            data => lanes.Sum(lane => lane.Names.Given(name.Key.Wire, data.AsSpan())),
            StringComparer.Ordinal));
}
