using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Which names there may be, and where the entry of each stands. It lasts while names neither come nor go: maps that follow each other share it, and only entries differ.
/// </summary>
internal sealed class NameTable
{
    private readonly Dictionary<DnsName, int> _slots = new(DnsNameComparer.Instance);
    private readonly Dictionary<DnsName, int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly HashSet<int> _balanced = [];
    private readonly int _lasting;

    /// <summary>The names of <paramref name="content"/>, and those above them, which exist too (RFC 8020 2).</summary>
    public NameTable(ZoneContent content)
    {
        DnsName[] zones = [.. content.Zones.Select(zone => zone.Name)];
        foreach (DnsName zone in zones)
            _slots.TryAdd(zone, _slots.Count);
        foreach (BalancedName name in content.Names)
            _balanced.Add(Add(name.Name, zones));
        foreach (RecordSet set in content.Plain)
            Add(set.Name, zones);
        if (MapName(content.Zone) is { } map)
            Add(map, zones);
        _lasting = _slots.Count;
        foreach (NameServer server in content.NameServers)
            Add(server.Name, zones);
        _lookup = _slots.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _slots.Count;

    /// <summary>All names there may be, and where the entry of each stands.</summary>
    public IEnumerable<KeyValuePair<DnsName, int>> Slots => _slots;

    /// <summary>The name that tells which map is answered from.</summary>
    public static DnsName? MapName(DnsName zone) => DnsName.Parse(ZoneDescription.MapLabel).TryUnder(zone, out DnsName? map) ? map : null;

    public bool TryFind(ReadOnlySpan<byte> canonical, out int slot) => _lookup.TryGetValue(canonical, out slot);

    public bool TryFind(DnsName name, out int slot) => _slots.TryGetValue(name, out slot);

    public bool IsBalanced(int slot) => _balanced.Contains(slot);

    /// <summary>It exists only as long as a name server has that name; with a name of several labels that is not so simple.</summary>
    public bool IsServerOnly(int slot) => slot >= _lasting;

    private int Add(DnsName name, DnsName[] zones)
    {
        _slots.TryAdd(name, _slots.Count);
        int slot = _slots[name];
        for (DnsName? above = name.Parent; above is not null && !zones.Contains(above) && zones.Any(above.IsWithin); above = above.Parent)
            _slots.TryAdd(above, _slots.Count);
        return slot;
    }
}
