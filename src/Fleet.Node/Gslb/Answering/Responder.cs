using System.Runtime.CompilerServices;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Decides and writes the answer to one query. Pure: snapshot, clock and chance come in, octets go out; nothing is allocated.
/// </summary>
internal static class Responder
{
    /// <summary>Octets an answer buffer must have at least.</summary>
    public const int AnswerSizeMin = Edns.PayloadPlain;

    /// <summary>
    /// Answers <paramref name="query"/> from <paramref name="zone"/>; null means that the node has no map yet, and answers SERVFAIL.
    /// </summary>
    /// <param name="zone">What is published now.</param>
    /// <param name="query">The message as it came.</param>
    /// <param name="answer">Where the reply goes, at least <see cref="AnswerSizeMin"/> octets; its length bounds the reply.</param>
    /// <param name="arrival">How it came.</param>
    /// <param name="lane">What this thread keeps between queries.</param>
    /// <returns>
    /// Octets of the reply; 0 where none must be sent: no whole header, a response (answering those makes loops), over the response rate.
    /// </returns>
    [SkipLocalsInit]
    public static int Respond(ZoneSnapshot? zone, ReadOnlySpan<byte> query, Span<byte> answer, in Arrival arrival, Lane lane)
    {
        if (!DnsHeader.TryRead(query, out var header) || header.IsResponse || answer.Length < AnswerSizeMin)
        {
            lane.Count(Counter.Unanswerable);
            return 0;
        }

        if (arrival.OverTcp)
            lane.Count(Counter.OverTcp);
        Edns edns = default;
        var request = header.Opcode == DnsOpcode.Query ? Request.Read(query, header, ref edns) : Request.Unread(header, edns);
        var cookie = JudgeCookie(request.Edns, arrival, lane, out var given);
        var draft = new ReplyDraft(answer[..LimitOf(answer.Length, request.Edns, arrival.OverTcp)], request, given);
        Span<byte> buffer = stackalloc byte[DnsNameWire.LengthMax];
        var outcome = Decide(zone, request, buffer, ref draft, arrival, lane);
        var limit = arrival.OverTcp || cookie == CookieVerdict.Valid ? LimitVerdict.Send : lane.Limit(outcome, arrival);
        if (limit == LimitVerdict.Drop)
        {
            lane.Count(Counter.Limited);
            return 0;
        }

        var length = limit == LimitVerdict.Send || outcome.Subject.IsEmpty ? Send(outcome, ref draft, answer, lane) : Slip(cookie, ref draft, lane);
        lane.MayLog(request, arrival, outcome.Rcode, draft.Answers);
        return length;
    }

    /// <summary>Errors go this way even when they slip: there is nothing to cut off from them.</summary>
    private static int Send(in Outcome outcome, ref ReplyDraft draft, ReadOnlySpan<byte> answer, Lane lane)
    {
        lane.Count(outcome.Counter);
        var length = draft.Finish(outcome.Rcode, outcome.IsAuthoritative);
        if (draft.IsTruncated)
            lane.Count(Counter.Truncated);
        if (outcome.IsOfName)
            lane.Names.Count(outcome.Subject, answer[..length], draft.BodyAt, draft.Answers);
        return length;
    }

    /// <summary>
    /// An asker that can take cookies is told to come back with the one given (RFC 7873 5.2.3). Every other asker is told to use TCP.
    /// </summary>
    private static int Slip(CookieVerdict cookie, ref ReplyDraft draft, Lane lane)
    {
        lane.Count(Counter.Slipped);
        draft.Empty();
        return cookie == CookieVerdict.None
            ? draft.Finish(DnsRcode.NoError, authoritative: true, truncated: true)
            : draft.Finish(DnsRcode.BadCookie, authoritative: false);
    }

    [SkipLocalsInit]
    private static Outcome Decide(
        ZoneSnapshot? zone, in Request request, Span<byte> buffer, ref ReplyDraft draft, in Arrival arrival, Lane lane)
    {
        if (request.Header.Opcode != DnsOpcode.Query)
            return new Outcome(DnsRcode.NotImp);
        if (!request.IsWellFormed)
            return new Outcome(DnsRcode.FormErr);
        if (request.Edns.Version > 0)
            return new Outcome(DnsRcode.BadVers);
        var question = request.Question;
        if (!request.HasQuestion)
            return draft.HasCookie ? new Outcome(DnsRcode.NoError) : new Outcome(DnsRcode.FormErr);
        if (zone is null)
            return new Outcome(DnsRcode.ServFail);
        if (question.Type is DnsType.None or DnsType.Opt or DnsType.Nxname or DnsType.Tkey or DnsType.Tsig)
            return new Outcome(DnsRcode.FormErr);
        var name = buffer[..question.Name.Length];
        DnsNameWire.ToCanonical(question.Name, name);
        if (question.Class != DnsClass.In)
            return new Outcome(DnsRcode.Refused);
        var authority = zone.AuthorityOf(name, question.Type, out var prefix);
        if (question.Type is DnsType.Axfr or DnsType.Ixfr)
            return DecideTransfer(authority, name, prefix, question.Type, ref draft, arrival, lane);
        if (authority is null)
            return new Outcome(DnsRcode.Refused);
        var client = new Client(zone.Clients, request.Edns.Subnet, arrival.Source);
        var place = new AnswerPlace(authority, prefix, zone.Find(name), DnsHeader.Size);
        place = AliasChain.Follow(zone, place, question.Type, ref draft);
        var last = place.Name is { } target ? target.Wire : name;
        var signing = new AnswerSigning(zone, place, last, question.Type, arrival, draft.DnssecOk);
        var drawn = signing.IsOn ? signing.Drawing(last, ref lane.Random) : default;
        ushort found = 0;
        if (place.Entry is { } entry)
        {
            found = WriteAnswers(
                zone, place, entry, question.Type, ref draft.Writer, arrival, ref client, ref signing.IsOn ? ref drawn : ref lane.Random);
            found += signing.WriteAnswers(question.Type, last, question.Name, ref draft.Writer);
        }

        draft.Scope = client.Scope;
        draft.Answers += found;
        if (question.Type != DnsType.Rrsig)
            draft.Answers += signing.Sign(ref draft.Writer, draft.BodyAt, draft.Answers);
        if (found == 0 && place.Authority is not null)
            WriteNegative(question.Type, place, last, ref draft, signing);
        else if (question.Type == DnsType.Ns && found > 0)
            draft.Additional = WriteGlue(place.Entry!, ref draft.Writer);
        if (place is not { Entry: null, Authority: not null })
            return Outcome.Found(name, draft.Answers > 0);
        var maySayMissing = !signing.IsOn || draft.AgreeToCompact();
        return Outcome.NoName(name[prefix..], maySayMissing);
    }

    /// <summary>The SOA (RFC 2308 2), and in a signed answer what the name has.</summary>
    private static void WriteNegative(
        DnsType asked, in AnswerPlace place, scoped ReadOnlySpan<byte> name, ref ReplyDraft draft, in AnswerSigning signing)
    {
        var at = draft.Writer.Position;
        draft.Authority = WriteSoa(place, ref draft.Writer);
        if (!signing.IsOn)
            return;
        draft.Authority += signing.WriteDenial(asked, name, ref draft.Writer);
        draft.Authority += signing.Sign(ref draft.Writer, at, draft.Authority);
    }

    /// <summary>
    /// The answer where no transfer is made (<see cref="TransferOut"/> makes them, over TCP). Over UDP, an IXFR gets the SOA, so that the asker sees
    /// whether to come over TCP (RFC 1995 2), and AXFR is not defined (RFC 5936 4.2). A name that is no zone of ours gets NOTAUTH (2.2.1).
    /// </summary>
    private static Outcome DecideTransfer(
        ZoneAuthority? authority, ReadOnlySpan<byte> name, int prefix, DnsType type, ref ReplyDraft draft, in Arrival arrival, Lane lane)
    {
        if (!lane.Rules.MayTransfer(arrival.Source))
            return new Outcome(DnsRcode.Refused);
        if (authority is null || prefix != 0)
            return new Outcome(DnsRcode.NotAuth);
        if (type == DnsType.Axfr)
            return new Outcome(DnsRcode.NotImp);
        draft.Answers = WriteSoa(new AnswerPlace(authority, 0, null, DnsHeader.Size), ref draft.Writer);
        return Outcome.Found(name, hasData: true);
    }

    private static ushort WriteAnswers(
        ZoneSnapshot zone,
        in AnswerPlace place,
        NameEntry entry,
        DnsType type,
        ref DnsWriter writer,
        in Arrival arrival,
        ref Client client,
        ref Xorshift random)
    {
        var pool = type switch { DnsType.A => entry.A, DnsType.Aaaa => entry.Aaaa, _ => null };
        if (pool is not null)
            return pool.Write(ref writer, place.OwnerAt, ref client, ref random);
        return type switch
        {
            DnsType.Cname => entry.Alias?.Record.Write(ref writer, place.OwnerAt) ?? 0,
            DnsType.Ns => entry.Ns?.Write(ref writer, place.OwnerAt) ?? 0,
            DnsType.Soa => entry.HasSoa ? WriteSoa(place, ref writer) : (ushort)0,
            DnsType.Txt when entry.TellsMap => MapText.Write(zone, ref writer, arrival.Now),
            DnsType.Any => WriteHinfo(ref writer),
            _ => entry.PlainOf(type)?.Write(ref writer, place.OwnerAt) ?? 0,
        };
    }

    /// <summary>The SOA; its owner, the zone, is the tail of the name that is answered for.</summary>
    private static ushort WriteSoa(in AnswerPlace place, ref DnsWriter writer)
    {
        writer.WritePointer(place.OwnerAt + place.Prefix);
        writer.WriteBytes(place.Authority!.SoaWithoutOwner);
        return 1;
    }

    /// <summary>As many server addresses as fit: they are a courtesy, and leaving some out is no truncation (RFC 2181 9).</summary>
    private static ushort WriteGlue(NameEntry entry, ref DnsWriter writer)
    {
        ushort written = 0;
        if (writer.Overflowed)
            return written;
        foreach (var glue in entry.Glue)
        {
            var mark = writer.Position;
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

    private static int LimitOf(int room, in Edns edns, bool overTcp)
    {
        if (overTcp)
            return Math.Min(room, ushort.MaxValue);
        return Math.Min(room, Math.Clamp(edns.PayloadMax, Edns.PayloadPlain, Edns.PayloadSafe));
    }

    private static CookieVerdict JudgeCookie(in Edns asked, in Arrival arrival, Lane lane, out DnsCookie? given)
    {
        given = null;
        if (asked.Cookie is not { } cookie || lane.Rules.Cookies is not { } keys)
            return CookieVerdict.None;
        var verdict = keys.Verify(cookie, arrival.Source, arrival.Now, out var reply);
        given = reply;
        lane.Count(Counter.CookieNew + (verdict - CookieVerdict.ClientOnly));
        return verdict;
    }
}
