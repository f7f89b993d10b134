using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Fleet.Shared.Dns;

/// <summary>
/// A dynamic update, RFC 2136: one zone, the conditions, and the changes. It has the layout of a query, but its sections have other names: zone,
/// prerequisite, update.
/// </summary>
/// <param name="Id">Take it from a random source.</param>
/// <param name="Zone">The zone's apex; every name must lie in it.</param>
public sealed record DnsUpdate(ushort Id, DnsName Zone, ImmutableArray<UpdateCondition> Conditions, ImmutableArray<UpdateChange> Changes)
{
    /// <summary>Octets of the largest update that leaves room for a signature in a TCP message.</summary>
    public const int SizeMax = ushort.MaxValue - TsigRecord.SizeMax;

    private const int PointerMax = 0x3FFF;

    /// <summary>Writes the whole message. False if it is larger than <see cref="SizeMax"/>: make two of it.</summary>
    public bool TryWrite([NotNullWhen(true)] out byte[]? message)
    {
        message = null;
        var records = Conditions.Sum(condition => condition is UpdateCondition.SetIs { Set.Data.Length: var data } ? data : 1);
        if (records > ushort.MaxValue || Changes.Length > ushort.MaxValue)
            return false;
        var writer = new DnsWriter(new byte[SizeMax]);
        Span<byte> head = stackalloc byte[DnsHeader.Size];
        new DnsHeader(Id, (ushort)((int)DnsOpcode.Update << 11), 1, (ushort)records, (ushort)Changes.Length, 0).Write(head);
        writer.WriteBytes(head);
        var places = new Dictionary<DnsName, int>();
        WriteName(ref writer, places, Zone);
        writer.WriteUInt16((ushort)DnsType.Soa);
        writer.WriteUInt16((ushort)DnsClass.In);
        foreach (var condition in Conditions)
            Write(ref writer, places, condition);
        foreach (var change in Changes)
            Write(ref writer, places, change);
        if (writer.Overflowed)
            return false;
        message = writer.Written.ToArray();
        return true;
    }

    private static void Write(ref DnsWriter writer, Dictionary<DnsName, int> places, UpdateCondition condition)
    {
        switch (condition)
        {
            case UpdateCondition.SetIs(var set):
                foreach (var data in set.Data)
                    WriteRecord(ref writer, places, new Fields(set.Name, set.Type, DnsClass.In, 0), data.AsSpan());
                break;
            case UpdateCondition.SetExists exists:
                WriteRecord(ref writer, places, new Fields(exists.Name, exists.Type, DnsClass.Any, 0), []);
                break;
            case UpdateCondition.SetIsMissing missing:
                WriteRecord(ref writer, places, new Fields(missing.Name, missing.Type, DnsClass.Nothing, 0), []);
                break;
            case UpdateCondition.NameInUse:
                WriteRecord(ref writer, places, new Fields(condition.Name, DnsType.Any, DnsClass.Any, 0), []);
                break;
            case UpdateCondition.NameNotInUse:
                WriteRecord(ref writer, places, new Fields(condition.Name, DnsType.Any, DnsClass.Nothing, 0), []);
                break;
        }
    }

    private static void Write(ref DnsWriter writer, Dictionary<DnsName, int> places, UpdateChange change)
    {
        switch (change)
        {
            case UpdateChange.Add add:
                WriteRecord(ref writer, places, new Fields(add.Name, add.Type, DnsClass.In, add.Ttl), add.Data.AsSpan());
                break;
            case UpdateChange.Delete delete:
                WriteRecord(ref writer, places, new Fields(delete.Name, delete.Type, DnsClass.Nothing, 0), delete.Data.AsSpan());
                break;
            default:
                WriteRecord(ref writer, places, new Fields(change.Name, change.Type, DnsClass.Any, 0), []);
                break;
        }
    }

    private static void WriteRecord(ref DnsWriter writer, Dictionary<DnsName, int> places, Fields fields, ReadOnlySpan<byte> data)
    {
        WriteName(ref writer, places, fields.Name);
        writer.WriteUInt16((ushort)fields.Type);
        writer.WriteUInt16((ushort)fields.Class);
        writer.WriteUInt32(fields.Ttl);
        writer.WriteUInt16((ushort)data.Length);
        writer.WriteBytes(data);
    }

    /// <summary>A repeated name becomes a pointer (RFC 1035 4.1.4): each of an owner's thousand addresses costs 16 octets.</summary>
    private static void WriteName(ref DnsWriter writer, Dictionary<DnsName, int> places, DnsName name)
    {
        if (places.TryGetValue(name, out var place))
        {
            writer.WritePointer(place);
            return;
        }

        if (writer.Position <= PointerMax)
            places.Add(name, writer.Position);
        writer.WriteBytes(name.Wire);
    }

    private readonly record struct Fields(DnsName Name, DnsType Type, DnsClass Class, uint Ttl);
}
