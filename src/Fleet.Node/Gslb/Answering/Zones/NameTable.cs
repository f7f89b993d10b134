using System.Numerics;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// Which names there may be, and where the entry of each stands. The table lasts until names come or go: successive maps share it, and only entries
/// differ. Queries look a name up by its octets: one place in an array of hashes, and the name itself in one array of all names. Names come from
/// configuration, so hashes need not resist chosen names.
/// </summary>
internal sealed class NameTable
{
    private readonly Dictionary<DnsName, int> _slots = new(DnsNameComparer.Instance);
    private readonly Place[] _places;
    private readonly byte[] _names;
    private readonly HashSet<int> _balanced = [];
    private readonly int _lasting;

    /// <summary>The names of <paramref name="content"/>, and those above them, which exist too (RFC 8020 2).</summary>
    public NameTable(ZoneContent content)
    {
        DnsName[] zones = [.. content.Zones.Select(zone => zone.Name)];
        foreach (var zone in zones)
            _slots.TryAdd(zone, _slots.Count);
        foreach (var name in content.Names)
            _balanced.Add(Add(name.Name, zones));
        foreach (var set in content.Plain)
            Add(set.Name, zones);
        if (MapName(content.Zone) is { } map)
            Add(map, zones);
        _lasting = _slots.Count;
        foreach (var server in content.NameServers)
            Add(server.Name, zones);
        _names = new byte[_slots.Keys.Sum(name => name.Length) + DnsNameWire.LengthMax];
        _places = new Place[BitOperations.RoundUpToPowerOf2((uint)(_slots.Count + (_slots.Count / 3) + 1))];
        var end = 0;
        foreach ((var name, var slot) in _slots)
        {
            name.Wire.CopyTo(_names.AsSpan(end));
            var hash = DnsNameComparer.HashOf(name.Wire);
            _places[FreePlace(hash)] = new Place((uint)(hash >> 32), end, slot + 1);
            end += name.Length;
        }
    }

    public int Count => _slots.Count;

    /// <summary>All names there may be, and where the entry of each stands.</summary>
    public IEnumerable<KeyValuePair<DnsName, int>> Slots => _slots;

    /// <summary>The name that tells which map is answered from.</summary>
    public static DnsName? MapName(DnsName zone) => DnsName.Parse(ZoneDescription.MapLabel).TryUnder(zone, out var map) ? map : null;

    public bool TryFind(ReadOnlySpan<byte> canonical, out int slot)
    {
        var hash = DnsNameComparer.HashOf(canonical);
        var places = _places;
        for (var at = (int)hash & (places.Length - 1); places[at].SlotAndOne != 0; at = (at + 1) & (places.Length - 1))
        {
            var place = places[at];
            if (place.Hash != (uint)(hash >> 32) || !_names.AsSpan(place.NameAt, canonical.Length).SequenceEqual(canonical))
                continue;
            slot = place.SlotAndOne - 1;
            return true;
        }

        slot = 0;
        return false;
    }

    public bool TryFind(DnsName name, out int slot) => _slots.TryGetValue(name, out slot);

    public bool IsBalanced(int slot) => _balanced.Contains(slot);

    /// <summary>The name exists only while a name server has it; with a name of several labels that is not so simple.</summary>
    public bool IsServerOnly(int slot) => slot >= _lasting;

    private int FreePlace(ulong hash)
    {
        var at = (int)hash & (_places.Length - 1);
        while (_places[at].SlotAndOne != 0)
            at = (at + 1) & (_places.Length - 1);
        return at;
    }

    private int Add(DnsName name, DnsName[] zones)
    {
        _slots.TryAdd(name, _slots.Count);
        var slot = _slots[name];
        for (var above = name.Parent; above is not null && !zones.Contains(above) && zones.Any(above.IsWithin); above = above.Parent)
            _slots.TryAdd(above, _slots.Count);
        return slot;
    }

    /// <summary>
    /// Where a name with that half of its hash stands in the array of names, and its slot; 0 marks a free place. No name is the beginning of another:
    /// each ends with its root.
    /// </summary>
    private readonly record struct Place(uint Hash, int NameAt, int SlotAndOne);
}
