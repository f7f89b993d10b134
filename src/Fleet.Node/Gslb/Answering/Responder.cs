using System.Runtime.CompilerServices;
using Fleet.Node.Gslb.Answering.Signing;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Decides and writes the answer to one query. Pure: snapshot, clock and chance come in, octets go out; nothing is allocated.
/// </summary>
public static class Responder
{
    /// <summary>Octets an answer buffer must have at least.</summary>
    public const int AnswerSizeMin = Edns.PayloadPlain;

    /// <summary>
    /// Answers <paramref name="query"/> from <paramref name="zone"/>; null is a node that has no map yet, and answers SERVFAIL.
    /// </summary>
    /// <param name="zone">What is published now.</param>
    /// <param name="query">The message as it came.</param>
    /// <param name="answer">Where the reply goes, at least <see cref="AnswerSizeMin"/> octets; its length bounds the reply.</param>
    /// <param name="arrival">How it came.</param>
    /// <param name="random">Chance, for the order of addresses.</param>
    /// <returns>Octets of the reply; 0 where none must be sent: no whole header, or a response (answering those makes loops).</returns>
    [SkipLocalsInit]
    public static int Respond(ZoneSnapshot? zone, ReadOnlySpan<byte> query, Span<byte> answer, in Arrival arrival, ref Xorshift random)
    {
        if (!DnsHeader.TryRead(query, out DnsHeader header) || header.IsResponse || answer.Length < AnswerSizeMin)
            return 0;
        if (header.Opcode != DnsOpcode.Query)
            return HeaderOnly(answer, header, DnsRcode.NotImp);
        Request request = Request.Read(query, header);
        var draft = new ReplyDraft(answer[..LimitOf(answer.Length, request.Edns, arrival.OverTcp)], request);
        if (!request.IsWellFormed)
            return draft.Finish(DnsRcode.FormErr, authoritative: false);
        if (request.Edns is { Version: > 0 })
            return draft.Finish(DnsRcode.BadVers, authoritative: false);
        if (zone is null)
            return draft.Finish(DnsRcode.ServFail, authoritative: false);
        return Answer(zone, request, ref draft, arrival, ref random);
    }

    private static int Answer(ZoneSnapshot zone, in Request request, ref ReplyDraft draft, in Arrival arrival, ref Xorshift random)
    {
        DnsQuestion question = request.Question;
        if (question.Type is DnsType.None or DnsType.Opt or DnsType.Nxname or DnsType.Tkey or DnsType.Tsig)
            return draft.Finish(DnsRcode.FormErr, authoritative: false);
        Span<byte> buffer = stackalloc byte[DnsNameWire.LengthMax];
        Span<byte> name = buffer[..question.Name.Length];
        DnsNameWire.ToCanonical(question.Name, name);
        if (question.Class != DnsClass.In || question.Type is DnsType.Axfr or DnsType.Ixfr || !DnsNameWire.IsWithin(name, zone.Zone, out int prefix))
            return draft.Finish(DnsRcode.Refused, authoritative: false);
        NameEntry? entry = zone.Find(name);
        var signing = new AnswerSigning(zone, entry, name, question.Type, arrival, draft.DnssecOk);
        Xorshift drawn = signing.IsOn ? signing.Drawing(name, ref random) : default;
        if (entry is not null)
        {
            draft.Answers = WriteAnswers(zone, entry, question.Type, ref draft.Writer, arrival, ref signing.IsOn ? ref drawn : ref random);
            draft.Answers += signing.WriteAnswers(question.Type, name, question.Name, ref draft.Writer);
        }

        if (draft.Answers == 0)
            WriteNegative(zone, question.Type, name, ref draft, prefix, signing);
        else if (signing.IsOn && question.Type != DnsType.Rrsig)
            draft.Answers += signing.Sign(ref draft.Writer, draft.BodyAt, draft.Answers);
        if (question.Type == DnsType.Ns && draft.Answers > 0)
            draft.Additional = WriteGlue(entry!, ref draft.Writer);
        bool maySayMissing = !signing.IsOn || draft.AgreeToCompact(request);
        return draft.Finish(entry is null && maySayMissing ? DnsRcode.NxDomain : DnsRcode.NoError, authoritative: true);
    }

    /// <summary>The SOA (RFC 2308 2), and in a signed answer what the name has.</summary>
    private static void WriteNegative(
        ZoneSnapshot zone, DnsType asked, scoped ReadOnlySpan<byte> name, ref ReplyDraft draft, int prefix, in AnswerSigning signing)
    {
        draft.Authority = WriteSoa(zone, ref draft.Writer, prefix);
        if (!signing.IsOn)
            return;
        draft.Authority += signing.WriteDenial(asked, name, ref draft.Writer);
        draft.Authority += signing.Sign(ref draft.Writer, draft.BodyAt, draft.Authority);
    }

    private static ushort WriteAnswers(
        ZoneSnapshot zone, NameEntry entry, DnsType type, ref DnsWriter writer, in Arrival arrival, ref Xorshift random) => type switch
        {
            DnsType.A => entry.A?.Write(ref writer, ref random) ?? 0,
            DnsType.Aaaa => entry.Aaaa?.Write(ref writer, ref random) ?? 0,
            DnsType.Ns => entry.Ns?.Write(ref writer) ?? 0,
            DnsType.Soa => entry.HasSoa ? WriteSoa(zone, ref writer, 0) : (ushort)0,
            DnsType.Txt => entry.TellsMap ? MapText.Write(zone, ref writer, arrival.Now) : (ushort)0,
            DnsType.Any => WriteHinfo(ref writer),
            _ => 0,
        };

    /// <summary>The SOA; its owner, the zone, is the tail of the question's name.</summary>
    private static ushort WriteSoa(ZoneSnapshot zone, ref DnsWriter writer, int prefix)
    {
        writer.WritePointer(DnsHeader.Size + prefix);
        writer.WriteBytes(zone.SoaWithoutOwner);
        return 1;
    }

    /// <summary>As many server addresses as fit: they are a courtesy, and leaving some out is no truncation (RFC 2181 9).</summary>
    private static ushort WriteGlue(NameEntry entry, ref DnsWriter writer)
    {
        ushort written = 0;
        if (writer.Overflowed)
            return written;
        foreach (RecordBytes glue in entry.Glue)
        {
            int mark = writer.Position;
            written += glue.Write(ref writer);
            if (!writer.Overflowed)
                continue;
            writer.Rewind(mark);
            return --written;
        }

        return written;
    }

    /// <summary>The answer to ANY (RFC 8482 4.2): there is something here, and asking for all of it is not the way.</summary>
    private static ushort WriteHinfo(ref DnsWriter writer)
    {
        writer.WritePointer(DnsHeader.Size);
        writer.WriteRecordFields(DnsType.Hinfo, 3600, 9);
        writer.WriteBytes("\u0007RFC8482\0"u8);
        return 1;
    }

    private static int LimitOf(int room, Edns? edns, bool overTcp)
    {
        if (overTcp)
            return Math.Min(room, ushort.MaxValue);
        int asked = edns is { } opt ? Math.Clamp(opt.PayloadMax, Edns.PayloadPlain, Edns.PayloadSafe) : Edns.PayloadPlain;
        return Math.Min(room, asked);
    }

    private static int HeaderOnly(Span<byte> answer, DnsHeader asked, DnsRcode rcode)
    {
        int flags = DnsHeader.ResponseFlag | (asked.Flags & (DnsHeader.OpcodeMask | DnsHeader.RecursionDesiredFlag)) | (ushort)rcode;
        new DnsHeader(asked.Id, (ushort)flags, 0, 0, 0, 0).Write(answer);
        return DnsHeader.Size;
    }
}
