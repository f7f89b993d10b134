using System.Net.Sockets;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// One zone, encoded and immutable: every query reads exactly one snapshot, and publishing is the swap of one reference.
/// </summary>
public sealed class ZoneSnapshot
{
    /// <summary>TTL of NS records and name server addresses, in seconds: resolvers try another server by themselves when one is gone.</summary>
    public const uint NameServerTtlSeconds = 60;

    private const uint RefreshSeconds = 60;
    private const uint RetrySeconds = 10;
    private const uint ExpireSeconds = 86_400;

    private readonly Dictionary<DnsName, NameEntry>.AlternateLookup<ReadOnlySpan<byte>> _names;
    private readonly byte[] _zone;
    private readonly byte[] _soa;

    /// <summary>Encodes <paramref name="content"/>, which arrived at <paramref name="receivedAt"/>.</summary>
    public ZoneSnapshot(ZoneContent content, Instant receivedAt)
    {
        ArgumentNullException.ThrowIfNull(content);
        Version = content.Version;
        ReceivedAt = receivedAt;
        _zone = content.Zone.Wire.ToArray();
        DnsName primary = content.NameServers is [var first, ..] ? first.Name : content.Zone;
        byte[] soa = new DnsSoa(
            primary, content.Mailbox, unchecked((uint)content.Version.Revision), RefreshSeconds, RetrySeconds, ExpireSeconds, content.NegativeTtlSeconds).ToWire();
        _soa = RecordBytes.Encode(DnsType.Soa, content.NegativeTtlSeconds, soa)[2..];
        _names = BuildNames(content).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The map it was made from.</summary>
    public MapVersion Version { get; }

    /// <summary>When this node got that map, on this host's clock.</summary>
    public Instant ReceivedAt { get; }

    /// <summary>The apex, canonical.</summary>
    public ReadOnlySpan<byte> Zone => _zone;

    /// <summary>The SOA record without its owner name. Its TTL is the negative TTL (RFC 2308 3).</summary>
    public ReadOnlySpan<byte> SoaWithoutOwner => _soa;

    /// <summary>The snapshot that answers for <paramref name="map"/>.</summary>
    public static ZoneSnapshot From(FleetMap map, Instant receivedAt) => new(ZoneDescription.Describe(map), receivedAt);

    /// <summary>The entry of a canonical name within the zone, or null where no such name exists.</summary>
    public NameEntry? Find(ReadOnlySpan<byte> canonical) => _names.TryGetValue(canonical, out NameEntry? entry) ? entry : null;

    /// <summary>Balanced names win over name servers of the same name, and both over the map's name.</summary>
    private static Dictionary<DnsName, NameEntry> BuildNames(ZoneContent content)
    {
        var names = new Dictionary<DnsName, NameEntry>(DnsNameComparer.Instance);
        foreach (BalancedName name in content.Names)
            names.TryAdd(name.Name, AddressesOf(name.Candidates, name.TtlSeconds, name.AnswersMax));
        foreach (NameServer server in content.NameServers)
            names.TryAdd(server.Name, AddressesOf(server.Address is { } address ? [new Candidate(address, 1)] : [], NameServerTtlSeconds, 1));
        if (DnsName.Parse(ZoneDescription.MapLabel).TryUnder(content.Zone, out DnsName? map) && !names.ContainsKey(map))
            names.Add(map, new NameEntry { TellsMap = true });
        names[content.Zone] = NameServerRecords.AddTo(names.GetValueOrDefault(content.Zone) ?? new NameEntry(), content);
        AddEmptyNonTerminals(names, content.Zone);
        return names;
    }

    private static NameEntry AddressesOf(IReadOnlyCollection<Candidate> candidates, uint ttl, int answersMax) => new()
    {
        A = AddressPool.Of(candidates, AddressFamily.InterNetwork, ttl, answersMax),
        Aaaa = AddressPool.Of(candidates, AddressFamily.InterNetworkV6, ttl, answersMax),
    };

    /// <summary>A name above an existing one exists too, and has no data (RFC 8020 2).</summary>
    private static void AddEmptyNonTerminals(Dictionary<DnsName, NameEntry> names, DnsName zone)
    {
        foreach (DnsName name in names.Keys.ToArray())
        {
            for (DnsName? above = name.Parent; above is not null && above.Length > zone.Length; above = above.Parent)
                names.TryAdd(above, new NameEntry());
        }
    }
}
