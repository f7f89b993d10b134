using System.Buffers.Binary;
using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>A zone as plain record sets: what its names may be answered with now, without who gets which.</summary>
internal static class ZoneRecords
{
    private const int PointerSize = 2;

    /// <summary>
    /// All sets of a zone except its SOA. For a zone below it, only the name servers. An alias at the apex is left out, because none may be there
    /// (RFC 1034 3.6.2). So is the text that tells the map, because it is only of this node and this moment.
    /// </summary>
    public static IEnumerable<RecordSet> InZone(ZoneSnapshot snapshot, ZoneAuthority zone)
    {
        foreach ((var name, var entry) in snapshot.Entries)
        {
            if (!name.IsWithin(zone.Name))
                continue;
            if (ReferenceEquals(snapshot.AuthorityOf(name.Wire, out _), zone))
            {
                foreach (var set in SetsOf(name, entry, entry.HasSoa))
                    yield return set;
            }
            else if (entry is { HasSoa: true, Ns: { } servers } && ReferenceEquals(snapshot.AuthorityOf(name.Parent!.Wire, out _), zone))
            {
                yield return Read(name, servers.Octets);
            }
        }
    }

    private static IEnumerable<RecordSet> SetsOf(DnsName name, NameEntry entry, bool isApex)
    {
        if (entry.Alias is { } alias && !isApex)
        {
            yield return Read(name, alias.Record.Octets);
            yield break;
        }

        if (entry.A is { } four)
            yield return Read(name, four.AllRecords());
        if (entry.Aaaa is { } six)
            yield return Read(name, six.AllRecords());
        if (entry.Ns is { } servers)
            yield return Read(name, servers.Octets);
        foreach (var plain in entry.Plain)
        {
            if (!(plain.Type == DnsType.A && entry.A is not null) && !(plain.Type == DnsType.Aaaa && entry.Aaaa is not null))
                yield return Read(name, plain.Records.Octets);
        }
    }

    /// <summary>Encoded records of one set, taken apart again. Pointers in their data mean the question, which is the owner.</summary>
    private static RecordSet Read(DnsName owner, ReadOnlySpan<byte> records)
    {
        var data = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        var first = records[PointerSize..];
        while (records.Length > 0)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(records[(PointerSize + 8)..]);
            var octets = records.Slice(PointerSize + DnsRecordView.FixedSize, length);
            data.Add(
                octets is [.. var labels, 0xC0, DnsHeader.Size] && first is [0, (byte)DnsType.Ns, ..] ? [.. labels, .. owner.Wire] : [.. octets]);
            records = records[(PointerSize + DnsRecordView.FixedSize + length)..];
        }

        return new RecordSet(
            owner, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(first), BinaryPrimitives.ReadUInt32BigEndian(first[4..]), data.ToImmutable());
    }
}
