using System.Collections.Immutable;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// The zones, encoded and immutable: every query reads exactly one snapshot, and publishing is the swap of one reference.
/// </summary>
internal sealed class ZoneSnapshot
{
    /// <summary>TTL of NS records and name server addresses, in seconds: resolvers try another server by themselves when one is gone.</summary>
    public const uint NameServerTtlSeconds = 60;

    private readonly NameTable _table;
    private readonly NameEntry?[] _entries;
    private readonly ZoneAuthority[] _zones;
    private readonly ImmutableArray<NameServer> _servers;

    /// <summary>Encodes <paramref name="content"/>, which arrived at <paramref name="receivedAt"/>.</summary>
    public ZoneSnapshot(ZoneContent content, Instant receivedAt)
        : this(content, receivedAt, new NameTable(content), null, content.Clients)
    {
        foreach (var plain in content.Plain.GroupBy(set => set.Name))
            Change(plain.Key, (entry, isBalanced) => EntryMaker.Plain(entry, plain, isBalanced));
        if (NameTable.MapName(content.Zone) is { } map)
            Change(map, (entry, isBalanced) => entry with { TellsMap = !isBalanced });
    }

    private ZoneSnapshot(ZoneContent content, Instant receivedAt, NameTable table, ZoneSnapshot? before, ClientTable clients)
    {
        (Version, ReceivedAt, Clients, _table, _servers) = (content.Version, receivedAt, clients, table, content.NameServers);
        _entries = before is null
            ? [.. Enumerable.Range(0, table.Count).Select(slot => table.IsServerOnly(slot) ? null : NameEntry.Empty)]
            : [.. before._entries];
        foreach (var name in content.Names)
            Change(name.Name, (entry, _) => EntryMaker.Balanced(entry, name, Clients.Sites, content.Sites));
        foreach (var gone in before?._servers.Except(_servers) ?? [])
            Leave(gone);
        foreach (var server in before is null ? _servers : _servers.Except(before._servers))
            Change(server.Name, (entry, isBalanced) => isBalanced ? entry : EntryMaker.Server(entry, server));
        _zones = [.. content.Zones.Select(zone => new ZoneAuthority(zone, content)).OrderByDescending(zone => zone.Name.Length)];
        foreach (var zone in content.Zones)
            Change(zone.Name, (entry, _) => NameServerRecords.AddTo(entry, zone.Name, _servers));
    }

    /// <summary>The map it was made from.</summary>
    public MapVersion Version { get; }

    /// <summary>When this node got that map, on this host's clock.</summary>
    public Instant ReceivedAt { get; }

    /// <summary>Where clients are.</summary>
    public ClientTable Clients { get; }

    /// <summary>All names that exist, in no order.</summary>
    public IEnumerable<(DnsName Name, NameEntry Entry)> Entries =>
        from slot in _table.Slots
        let entry = _entries[slot.Value]
        where entry is not null
        select (slot.Key, entry);

    /// <summary>The zones answered for, longest name first.</summary>
    public ImmutableArray<ZoneAuthority> Zones => [.. _zones];

    /// <summary>The snapshot that answers for <paramref name="map"/>.</summary>
    public static ZoneSnapshot From(FleetMap map, Instant receivedAt) => new(ZoneDescription.Describe(map), receivedAt);

    /// <summary>
    /// The snapshot that differs from this one in the names of <paramref name="changed"/>, the name servers and the version. Null if the difference
    /// is more than that: zones or names came or went.
    /// </summary>
    public ZoneSnapshot? Revise(ZoneContent changed, Instant receivedAt)
    {
        var fits = changed.Names.All(name => _table.TryFind(name.Name, out var slot) && _table.IsBalanced(slot))
            && changed.NameServers.All(server => _table.TryFind(server.Name, out _) && server.Name.Parent!.Equals(changed.Zone))
            && changed.Zones.Count() == _zones.Length
            && changed.Zones.All(zone => _zones.Any(mine => mine.Name.Equals(zone.Name)));
        return fits ? new ZoneSnapshot(changed, receivedAt, _table, this, Clients) : null;
    }

    /// <summary>
    /// The zone that answers a question: the innermost one. For DS at an apex it is the zone around it, where there is one here (RFC 4035 3.1.4.1).
    /// </summary>
    public ZoneAuthority? AuthorityOf(ReadOnlySpan<byte> canonical, DnsType asked, out int prefix)
    {
        var zone = AuthorityOf(canonical, out prefix);
        if (asked != DnsType.Ds || prefix != 0 || canonical.Length == 1 || AuthorityOf(canonical[(1 + canonical[0])..], out _) is not { } parent)
            return zone;
        prefix = canonical.Length - parent.Name.Length;
        return parent;
    }

    /// <summary>The innermost zone that a canonical name lies in, and the octets in front of the zone; null where it lies in none.</summary>
    public ZoneAuthority? AuthorityOf(ReadOnlySpan<byte> canonical, out int prefix)
    {
        foreach (var zone in _zones)
        {
            if (DnsNameWire.IsWithin(canonical, zone.Name.Wire, out prefix))
                return zone;
        }

        prefix = 0;
        return null;
    }

    /// <summary>The entry of a canonical name, or null where no such name exists.</summary>
    public NameEntry? Find(ReadOnlySpan<byte> canonical) => _table.TryFind(canonical, out var slot) ? _entries[slot] : null;

    private void Change(DnsName name, Func<NameEntry, bool, NameEntry> change)
    {
        if (_table.TryFind(name, out var slot))
            _entries[slot] = change(_entries[slot] ?? NameEntry.Empty, _table.IsBalanced(slot));
    }

    private void Leave(NameServer gone)
    {
        if (!_table.TryFind(gone.Name, out var slot) || _table.IsBalanced(slot))
            return;
        _entries[slot] = _table.IsServerOnly(slot) ? null : _entries[slot]! with { A = null, Aaaa = null };
    }
}
