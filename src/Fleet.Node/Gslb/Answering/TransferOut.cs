using System.Buffers.Binary;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// A zone on its way to a secondary, AXFR (RFC 5936): SOA, every record, SOA again, in as many messages as it takes. IXFR is answered the same way
/// (RFC 1995 4), or with the SOA alone where the asker has this version already (2). One snapshot is sent throughout, whatever is published
/// meanwhile.
/// </summary>
internal sealed class TransferOut
{
    private const int PointersMax = 0x4000;

    private readonly DnsHeader _asked;
    private readonly byte[] _question;
    private readonly ZoneAuthority _zone;
    private readonly IEnumerator<Record> _records;
    private bool _hasNext;
    private bool _owesOpt;

    private TransferOut(in Request request, ZoneAuthority zone, IEnumerable<Record> records)
    {
        _asked = request.Header;
        _question = [.. request.Question.Name, (byte)((ushort)request.Question.Type >> 8), (byte)request.Question.Type, 0, (byte)DnsClass.In];
        _zone = zone;
        _owesOpt = request.HasEdns;
        _records = records.GetEnumerator();
        _hasNext = _records.MoveNext();
    }

    /// <summary>
    /// The transfer that a message over TCP asks for; null where it asks for none, or there is no reason to give one: then the responder says why.
    /// </summary>
    public static TransferOut? Begin(ZoneSnapshot? snapshot, ReadOnlySpan<byte> message, ReadOnlySpan<byte> source, ServingRules rules)
    {
        if (snapshot is null
            || rules.TransferTo.IsEmpty
            || !DnsHeader.TryRead(message, out var header)
            || header.IsResponse
            || header.Opcode != DnsOpcode.Query)
            return null;
        Edns edns = default;
        var request = Request.Read(message, header, ref edns);
        if (!request.IsWellFormed || request.Edns.Version > 0 || request.Question is not { Class: DnsClass.In, Type: DnsType.Axfr or DnsType.Ixfr }
            || !rules.MayTransfer(source))
        {
            return null;
        }

        Span<byte> name = stackalloc byte[request.Question.Name.Length];
        DnsNameWire.ToCanonical(request.Question.Name, name);
        if (snapshot.AuthorityOf(name, out var prefix) is not { } zone || prefix != 0)
            return null;
        var soa = new Record(zone.Name, zone.SoaWithoutOwner.ToArray());
        var isCurrent = request.Question.Type == DnsType.Ixfr && SerialOf(message, request) is { } serial
            && unchecked((int)(serial - (uint)snapshot.Version.Revision)) >= 0;
        return new TransferOut(request, zone, isCurrent ? [soa] : [soa, .. Records(snapshot, zone), soa]);
    }

    /// <summary>
    /// Writes the next message into <paramref name="buffer"/>, its length the limit; 0 when all has been sent. OPT goes with the first message, if
    /// the query had it (RFC 5936 2.2.5).
    /// </summary>
    public int WriteNext(Span<byte> buffer)
    {
        if (!_hasNext)
            return 0;
        Edns? opt = _owesOpt ? new Edns(Edns.PayloadSafe, 0, 0, false, null) : null;
        _owesOpt = false;
        var writer = new DnsWriter(buffer[..^(opt?.Size ?? 0)]);
        writer.WriteBytes(stackalloc byte[DnsHeader.Size]);
        writer.WriteBytes(_question);
        ushort answers = 0;
        var zoneAt = 0;
        while (_hasNext && answers < ushort.MaxValue)
        {
            var mark = writer.Position;
            var zoneWas = zoneAt;
            WriteOwner(ref writer, _records.Current.Owner, ref zoneAt);
            writer.WriteBytes(_records.Current.Fields);
            if (writer.Overflowed)
            {
                writer.Rewind(mark);
                zoneAt = zoneWas;
                break;
            }

            answers++;
            _hasNext = _records.MoveNext();
        }

        _hasNext &= answers > 0; // a record that fits nowhere ends the transfer early, and the asker sees that: the second SOA is missing
        var length = writer.Position;
        if (opt is not null)
        {
            var end = new DnsWriter(buffer[length..]);
            opt.Value.Write(ref end);
            length += end.Position;
        }

        var flags = DnsHeader.ResponseFlag | DnsHeader.AuthoritativeFlag | (_asked.Flags & DnsHeader.RecursionDesiredFlag);
        new DnsHeader(_asked.Id, (ushort)flags, 1, answers, 0, (ushort)(opt is null ? 0 : 1)).Write(buffer);
        return length;
    }

    /// <summary>
    /// The zone's own name is written out once in each message and pointed at from then on. It must not be the question's, whose case is the asker's
    /// (RFC 5936 3.4).
    /// </summary>
    private void WriteOwner(ref DnsWriter writer, DnsName owner, ref int zoneAt)
    {
        var prefix = owner.Length - _zone.Name.Length;
        if (zoneAt > 0)
        {
            writer.WriteBytes(owner.Wire[..prefix]);
            writer.WritePointer(zoneAt);
            return;
        }

        if (writer.Position + prefix < PointersMax)
            zoneAt = writer.Position + prefix;
        writer.WriteBytes(owner.Wire);
    }

    private static IEnumerable<Record> Records(ZoneSnapshot snapshot, ZoneAuthority zone)
    {
        foreach (var set in ZoneRecords.InZone(snapshot, zone))
        {
            foreach (var data in set.Data)
                yield return new Record(set.Name, RecordBytes.Encode(set.Type, set.Ttl, data.AsSpan())[2..]);
        }
    }

    /// <summary>The serial of the version that an IXFR query says the asker has (RFC 1995 3), or null.</summary>
    private static uint? SerialOf(ReadOnlySpan<byte> message, in Request request)
    {
        var at = request.Question.Next;
        for (var i = request.Header.AnswerCount + request.Header.AuthorityCount; i > 0
            && DnsRecordView.TryRead(message, at, out var record); i--)
        {
            at = record.Next;
            if (record.Type == DnsType.Soa && record.Data.Length >= 20)
                return BinaryPrimitives.ReadUInt32BigEndian(record.Data[^20..]);
        }

        return null;
    }

    /// <summary>One record.</summary>
    /// <param name="Owner">Its name, within the zone.</param>
    /// <param name="Fields">Type, class, TTL, length and data.</param>
    private readonly record struct Record(DnsName Owner, byte[] Fields);
}
