using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// Encodes the apex: NS records, and the addresses of the servers beside them. Names within the zone end in a pointer to the question,
/// which at the apex is the zone itself.
/// </summary>
internal static class NameServerRecords
{
    /// <summary>The apex entry with SOA, NS and glue.</summary>
    public static NameEntry AddTo(NameEntry apex, DnsName zone, ImmutableArray<NameServer> servers)
    {
        NameServer[] listed = [.. servers.Take(ZoneContent.NameServersMax)];
        byte[][] records =
        [
            .. listed.Select(server => RecordBytes.Encode(DnsType.Ns, ZoneSnapshot.NameServerTtlSeconds, Shorten(server.Name, zone))),
        ];
        return apex with
        {
            HasSoa = true,
            Ns = records.Length == 0 ? null : new RecordBytes([.. records.SelectMany(record => record)], (ushort)records.Length),
            Glue = [.. listed.Where(server => server.Address is not null).Select(server => GlueOf(server, zone))],
        };
    }

    private static RecordBytes GlueOf(NameServer server, DnsName zone)
    {
        var type = server.Address!.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
        var withPointer = RecordBytes.Encode(type, ZoneSnapshot.NameServerTtlSeconds, server.Address.GetAddressBytes());
        return new RecordBytes([.. Shorten(server.Name, zone), .. withPointer.AsSpan(2)], 1);
    }

    private static byte[] Shorten(DnsName name, DnsName zone) =>
        DnsNameWire.IsWithin(name.Wire, zone.Wire, out var prefix) ? [.. name.Wire[..prefix], 0xC0, DnsHeader.Size] : name.Wire.ToArray();
}
