using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>The record sets of a zone, or of what a zone should hold; data in canonical form, in order, none twice.</summary>
internal sealed class ZoneRecords
{
    public static readonly ZoneRecords None = new(ImmutableDictionary<DnsName, ImmutableSortedDictionary<DnsType, RecordSet>>.Empty);

    private readonly ImmutableDictionary<DnsName, ImmutableSortedDictionary<DnsType, RecordSet>> _sets;

    private ZoneRecords(ImmutableDictionary<DnsName, ImmutableSortedDictionary<DnsType, RecordSet>> sets) => _sets = sets;

    public IEnumerable<DnsName> Names => _sets.Keys;

    public int Count => _sets.Values.Sum(byType => byType.Count);

    /// <summary>The sets of one name by type; empty where there is none.</summary>
    public ImmutableSortedDictionary<DnsType, RecordSet> At(DnsName name) =>
        _sets.GetValueOrDefault(name) ?? ImmutableSortedDictionary<DnsType, RecordSet>.Empty;

    /// <summary>As read from a server. Records of one set whose TTLs differ, which RFC 2181 5.2 forbids, count with the smallest.</summary>
    public static ZoneRecords FromRecords(IEnumerable<DnsRecord> records) =>
        FromRecords(
            records.GroupBy(r => (r.Name, r.Type)).Select(g => new RecordSet(g.Key.Name, g.Key.Type, g.Min(r => r.Ttl), [.. g.Select(r => r.Data)])));

    /// <summary>Sets of the same name and type are put together.</summary>
    public static ZoneRecords FromRecords(IEnumerable<RecordSet> given) => new(given
        .GroupBy(set => set.Name)
        .ToImmutableDictionary(name => name.Key, name => name.GroupBy(set => set.Type).ToImmutableSortedDictionary(type => type.Key, Together)));

    /// <summary>Whether two sets hold the same data, whatever their TTLs.</summary>
    public static bool IsSameData(RecordSet one, RecordSet other) =>
        one.Data.Length == other.Data.Length && one.Data.Zip(other.Data).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    public bool IsSame(ZoneRecords other) =>
        _sets.Count == other._sets.Count && _sets.All(pair => IsSame(pair.Value, other.At(pair.Key)));

    private static bool IsSame(ImmutableSortedDictionary<DnsType, RecordSet> one, ImmutableSortedDictionary<DnsType, RecordSet> other) =>
        one.Count == other.Count
            && one.All(pair => other.TryGetValue(pair.Key, out var set) && set.Ttl == pair.Value.Ttl && IsSameData(set, pair.Value));

    private static RecordSet Together(IGrouping<DnsType, RecordSet> same)
    {
        var first = same.First();
        var data = same
            .SelectMany(set => set.Data)
            .Select(d => RecordData.Canonical(first.Type, d))
            .DistinctBy(d => Convert.ToHexString(d.AsSpan()))
            .OrderBy(d => Convert.ToHexString(d.AsSpan()), StringComparer.Ordinal);
        return new RecordSet(first.Name, first.Type, same.Min(set => set.Ttl), [.. data]);
    }
}
