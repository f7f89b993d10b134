using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>One name: what it should hold, what it holds, and whose that is.</summary>
internal sealed class NameComparison
{
    private readonly DnsName _name;
    private readonly ImmutableSortedDictionary<DnsType, RecordSet> _wanted;
    private readonly ImmutableSortedDictionary<DnsType, RecordSet> _there;
    private readonly PublishTarget _target;
    private readonly DnsName? _markerName;
    private readonly RecordSet? _marker;
    private readonly ZoneOwnership _owner;
    private readonly List<UpdateCondition> _conditions = [];
    private readonly List<UpdateChange> _changes = [];

    public NameComparison(
        DnsName name,
        ImmutableSortedDictionary<DnsType, RecordSet> wanted,
        ImmutableSortedDictionary<DnsType, RecordSet> there,
        ZoneRecords zone,
        PublishTarget target)
    {
        (_name, _wanted, _there, _target) = (name, wanted, there, target);
        _markerName = Marker.NameFor(name);
        _marker = _markerName is null ? null : zone.At(_markerName).GetValueOrDefault(DnsType.Txt);
        _owner = Marker.Read(_marker, target.Cluster);
    }

    /// <summary>Null when nothing is to be done, or nothing may be done; <paramref name="left"/> then says why.</summary>
    public NameChange? Compare(ImmutableArray<LeftAlone>.Builder left)
    {
        if (_owner is ZoneOwnership.Another && _wanted.IsEmpty)
            return null;
        if (Obstacle() is { } obstacle)
        {
            left.Add(new LeftAlone(_name, obstacle));
            return null;
        }

        var mine = Mine();
        var desired = _wanted;
        foreach (var type in _wanted.Keys.Where(type => _there.ContainsKey(type) && !mine.Contains(type)))
        {
            left.Add(new LeftAlone(_name, $"its {Word(type)} records are not the fleet's; take them away there, or set take-over = on"));
            desired = desired.Remove(type);
        }

        // Deletions go first: an alias and an address cannot be there together.
        foreach (var type in mine.Where(type => _there.ContainsKey(type) && !desired.ContainsKey(type)))
            Expecting(_there[type], new UpdateChange.DeleteSet(_name, type));
        foreach (var set in desired.Values)
            Set(set, _there.GetValueOrDefault(set.Type));
        Mark(desired.Keys.ToImmutableArray());
        return _changes.Count == 0 ? null : new NameChange(_name, [.. _conditions], [.. _changes]);
    }

    private string? Obstacle()
    {
        if (_markerName is null)
            return "the name is too long for a marker beside it";
        if (_owner is ZoneOwnership.Another { Cluster: var cluster })
            return $"it belongs to {cluster}, as {_markerName} says";
        var foreign = _there.Keys.Except(Mine()).ToArray();
        if (_owner is ZoneOwnership.Nobody && foreign.Length > 0 && !_target.TakeOver)
            return $"it holds records that are not the fleet's ({string.Join(", ", foreign.Select(Word))}); take them away there, or set take-over "
                + $"= on";
        if (_wanted.ContainsKey(DnsType.Cname) && (foreign.Length > 0 || _name.Equals(_target.Zone)))
            return "an alias cannot stand beside other records";
        return !_wanted.IsEmpty && foreign.Contains(DnsType.Cname) ? "it is an alias that is not the fleet's" : null;
    }

    /// <summary>The types at this name that the fleet may change.</summary>
    private ImmutableSortedSet<DnsType> Mine()
    {
        var made = _owner is ZoneOwnership.Ours ours ? ours.Types : [];
        return _target.TakeOver && !_wanted.IsEmpty ? made.Union(_wanted.Keys).Union([DnsType.A, DnsType.Aaaa, DnsType.Cname]) : made;
    }

    private void Set(RecordSet want, RecordSet? have)
    {
        if (have is null)
        {
            Expecting(new UpdateCondition.SetIsMissing(want.Name, want.Type));
            _changes.AddRange(want.Data.Select(data => Add(want, data)));
        }
        else if (have.Ttl != want.Ttl)
        {
            // A set has one TTL (RFC 2181 5.2); servers differ in what a record with another one does to the rest of its set.
            Expecting(have, new UpdateChange.DeleteSet(want.Name, want.Type));
            _changes.AddRange(want.Data.Select(data => Add(want, data)));
        }
        else if (!ZoneRecords.IsSameData(have, want))
        {
            Expecting(new UpdateCondition.SetIs(have));
            _changes.AddRange(Without(have, want).Select(data => new UpdateChange.Delete(want.Name, want.Type, data)));
            _changes.AddRange(Without(want, have).Select(data => Add(want, data)));
        }
    }

    /// <summary>The marker says which types are the fleet's; it is removed with the last of them. It also guards every change of its name.</summary>
    private void Mark(ImmutableArray<DnsType> types)
    {
        if (types.IsEmpty && _marker is not null)
            _changes.Add(new UpdateChange.DeleteSet(_marker.Name, DnsType.Txt));
        else if (!types.IsEmpty
            && Marker.Create(_markerName!, _target.Cluster, types, _target.Ttl) is var want
            && !(_marker is not null && _marker.Ttl == want.Ttl && ZoneRecords.IsSameData(_marker, want)))
            Replace(want);
        if (_changes.Count > 0)
            Expecting(_marker is null ? new UpdateCondition.SetIsMissing(_markerName!, DnsType.Txt) : new UpdateCondition.SetIs(_marker));
    }

    private void Replace(RecordSet want)
    {
        if (_marker is not null)
            _changes.Add(new UpdateChange.DeleteSet(want.Name, DnsType.Txt));
        _changes.AddRange(want.Data.Select(data => Add(want, data)));
    }

    private void Expecting(RecordSet have, UpdateChange change)
    {
        Expecting(new UpdateCondition.SetIs(have));
        _changes.Add(change);
    }

    private void Expecting(UpdateCondition condition) => _conditions.Add(condition);

    private static UpdateChange.Add Add(RecordSet set, ImmutableArray<byte> data) => new(set.Name, set.Type, set.Ttl, data);

    private static IEnumerable<ImmutableArray<byte>> Without(RecordSet set, RecordSet other) =>
        set.Data.Where(data => !other.Data.Any(o => o.AsSpan().SequenceEqual(data.AsSpan())));

    private static string Word(DnsType type) => type.ToString().ToUpperInvariant();
}
