using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>One name: what it should hold, what it holds, and whose that is.</summary>
internal sealed class NameComparison
{
    private readonly DnsName name;
    private readonly ImmutableSortedDictionary<DnsType, RecordSet> wanted;
    private readonly ImmutableSortedDictionary<DnsType, RecordSet> there;
    private readonly PublishTarget target;
    private readonly DnsName? markerName;
    private readonly RecordSet? marker;
    private readonly Ownership owner;
    private readonly List<UpdateCondition> conditions = [];
    private readonly List<UpdateChange> changes = [];

    public NameComparison(
        DnsName name,
        ImmutableSortedDictionary<DnsType, RecordSet> wanted,
        ImmutableSortedDictionary<DnsType, RecordSet> there,
        ZoneRecords zone,
        PublishTarget target)
    {
        (this.name, this.wanted, this.there, this.target) = (name, wanted, there, target);
        markerName = Marker.NameFor(name);
        marker = markerName is null ? null : zone.At(markerName).GetValueOrDefault(DnsType.Txt);
        owner = Marker.Read(marker, target.Cluster);
    }

    /// <summary>Null where nothing is to be done, or may be; then <paramref name="left"/> says why.</summary>
    public NameChange? Compare(ImmutableArray<LeftAlone>.Builder left)
    {
        if (owner is Ownership.Another && wanted.IsEmpty)
            return null;
        if (Obstacle() is { } obstacle)
        {
            left.Add(new LeftAlone(name, obstacle));
            return null;
        }

        var mine = Mine();
        var desired = wanted;
        foreach (var type in wanted.Keys.Where(type => there.ContainsKey(type) && !mine.Contains(type)))
        {
            left.Add(new LeftAlone(name, $"its {Word(type)} records are not the fleet's; take them away there, or set take-over = on"));
            desired = desired.Remove(type);
        }

        // What goes, goes first: an alias and an address cannot be there together.
        foreach (var type in mine.Where(type => there.ContainsKey(type) && !desired.ContainsKey(type)))
            Expecting(there[type], new UpdateChange.DeleteSet(name, type));
        foreach (var set in desired.Values)
            Set(set, there.GetValueOrDefault(set.Type));
        Mark(desired.Keys.ToImmutableArray());
        return changes.Count == 0 ? null : new NameChange(name, [.. conditions], [.. changes]);
    }

    private string? Obstacle()
    {
        if (markerName is null)
            return "the name is too long for a marker beside it";
        if (owner is Ownership.Another { Cluster: var cluster })
            return $"it belongs to {cluster}, as {markerName} says";
        var foreign = there.Keys.Except(Mine()).ToArray();
        if (owner is Ownership.Nobody && foreign.Length > 0 && !target.TakeOver)
            return $"it holds records that are not the fleet's ({string.Join(", ", foreign.Select(Word))}); take them away there, or set take-over = on";
        if (wanted.ContainsKey(DnsType.Cname) && (foreign.Length > 0 || name.Equals(target.Zone)))
            return "an alias cannot stand beside other records";
        return !wanted.IsEmpty && foreign.Contains(DnsType.Cname) ? "it is an alias that is not the fleet's" : null;
    }

    /// <summary>The types at this name that the fleet may change.</summary>
    private ImmutableSortedSet<DnsType> Mine()
    {
        ImmutableSortedSet<DnsType> made = owner is Ownership.Ours ours ? ours.Types : [];
        return target.TakeOver && !wanted.IsEmpty ? made.Union(wanted.Keys).Union([DnsType.A, DnsType.Aaaa, DnsType.Cname]) : made;
    }

    private void Set(RecordSet want, RecordSet? have)
    {
        if (have is null)
        {
            Expecting(new UpdateCondition.SetIsMissing(want.Name, want.Type));
            changes.AddRange(want.Data.Select(data => Add(want, data)));
        }
        else if (have.Ttl != want.Ttl)
        {
            // A set has one TTL (RFC 2181 5.2); servers differ in what a record with another one does to the rest of its set.
            Expecting(have, new UpdateChange.DeleteSet(want.Name, want.Type));
            changes.AddRange(want.Data.Select(data => Add(want, data)));
        }
        else if (!ZoneRecords.IsSameData(have, want))
        {
            Expecting(new UpdateCondition.SetIs(have));
            changes.AddRange(Without(have, want).Select(data => new UpdateChange.Delete(want.Name, want.Type, data)));
            changes.AddRange(Without(want, have).Select(data => Add(want, data)));
        }
    }

    /// <summary>The marker says which types are the fleet's; it goes with the last of them. It also guards every change of its name.</summary>
    private void Mark(ImmutableArray<DnsType> types)
    {
        if (types.IsEmpty && marker is not null)
            changes.Add(new UpdateChange.DeleteSet(marker.Name, DnsType.Txt));
        else if (!types.IsEmpty && Marker.Of(markerName!, target.Cluster, types, target.Ttl) is var want && !(marker is not null && marker.Ttl == want.Ttl && ZoneRecords.IsSameData(marker, want)))
            Replace(want);
        if (changes.Count > 0)
            Expecting(marker is null ? new UpdateCondition.SetIsMissing(markerName!, DnsType.Txt) : new UpdateCondition.SetIs(marker));
    }

    private void Replace(RecordSet want)
    {
        if (marker is not null)
            changes.Add(new UpdateChange.DeleteSet(want.Name, DnsType.Txt));
        changes.AddRange(want.Data.Select(data => Add(want, data)));
    }

    private void Expecting(RecordSet have, UpdateChange change)
    {
        Expecting(new UpdateCondition.SetIs(have));
        changes.Add(change);
    }

    private void Expecting(UpdateCondition condition) => conditions.Add(condition);

    private static UpdateChange.Add Add(RecordSet set, ImmutableArray<byte> data) => new(set.Name, set.Type, set.Ttl, data);

    private static IEnumerable<ImmutableArray<byte>> Without(RecordSet set, RecordSet other) =>
        set.Data.Where(data => !other.Data.Any(o => o.AsSpan().SequenceEqual(data.AsSpan())));

    private static string Word(DnsType type) => type.ToString().ToUpperInvariant();
}
