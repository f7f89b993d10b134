using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Fleet.Shared.Dns;

/// <summary>A whole message as the asking side sees it. Made for tools and tests: it allocates.</summary>
public sealed record DnsReply
{
    /// <summary>The twelve octets in front.</summary>
    public required DnsHeader Header { get; init; }

    /// <summary>The question's name exactly as it came back, case kept; empty if the reply holds no question.</summary>
    public required ImmutableArray<byte> QuestionWire { get; init; }

    /// <summary>QTYPE of the question that came back, or <see cref="DnsType.None"/>.</summary>
    public required DnsType QuestionType { get; init; }

    /// <summary>Answer section, in the order on the wire.</summary>
    public required ImmutableArray<DnsRecord> Answers { get; init; }

    /// <summary>Authority section.</summary>
    public required ImmutableArray<DnsRecord> Authority { get; init; }

    /// <summary>Additional section without OPT.</summary>
    public required ImmutableArray<DnsRecord> Additional { get; init; }

    /// <summary>The OPT record, if there.</summary>
    public required Edns? Edns { get; init; }

    /// <summary>The whole response code: header and OPT together (RFC 6891 6.1.3).</summary>
    public DnsRcode Rcode => (DnsRcode)(((Edns?.ExtendedRcode ?? 0) << 4) | (ushort)Header.Rcode);

    /// <summary>
    /// Whether this replies to <paramref name="query"/>: a response with its id, name (in any case) and type.
    /// Take nothing else from a UDP socket.
    /// </summary>
    public bool IsReplyTo(DnsQuery query) => Header.IsResponse && Header.Id == query.Id && QuestionType == query.Type
        && DnsName.TryFromWire(QuestionWire.AsSpan(), out var name) && name.Equals(query.Name);

    /// <summary>Reads a whole message. False if any part is malformed, or octets are left over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsReply? reply)
    {
        reply = null;
        if (!DnsHeader.TryRead(message, out var header) || header.QuestionCount > 1)
            return false;
        var at = DnsHeader.Size;
        DnsQuestion question = default;
        if (header.QuestionCount == 1)
        {
            if (!DnsQuestion.TryRead(message, out question))
                return false;
            at = question.Next;
        }

        Edns? edns = null;
        if (!TryReadSection(message, header.AnswerCount, ref at, ref edns, out var answers)
            || !TryReadSection(message, header.AuthorityCount, ref at, ref edns, out var authority)
            || !TryReadSection(message, header.AdditionalCount, ref at, ref edns, out var additional)
            || at != message.Length)
        {
            return false;
        }

        reply = new DnsReply
        {
            Header = header,
            QuestionWire = [.. question.Name],
            QuestionType = question.Type,
            Answers = answers,
            Authority = authority,
            Additional = additional,
            Edns = edns,
        };
        return true;
    }

    private static bool TryReadSection(
        ReadOnlySpan<byte> message, int count, ref int at, ref Edns? edns, out ImmutableArray<DnsRecord> records)
    {
        records = [];
        var read = ImmutableArray.CreateBuilder<DnsRecord>();
        for (var i = 0; i < count; i++)
        {
            if (!DnsRecordView.TryRead(message, at, out var view))
                return false;
            at = view.Next;
            if (view.Type == DnsType.Opt)
            {
                if (edns is not null || !Dns.Edns.TryRead(message, view, out var found))
                    return false;
                edns = found;
            }
            else if (TryReadRecord(message, view, out var record))
            {
                read.Add(record);
            }
            else
            {
                return false;
            }
        }

        records = read.ToImmutable();
        return true;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> message, in DnsRecordView view, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        Span<byte> wire = stackalloc byte[DnsNameWire.LengthMax];
        if (!DnsNameWire.TryRead(message, view.NameAt, wire, out var length, out _)
            || !DnsName.TryFromWire(wire[..length], out var owner)
            || !TryExpand(message, view, out var data))
        {
            return false;
        }

        record = new DnsRecord(owner, view.Type, view.Ttl, data);
        return true;
    }

    private static bool TryExpand(ReadOnlySpan<byte> message, in DnsRecordView view, out ImmutableArray<byte> data)
    {
        (var before, var names, _) = DataLayout.ForType(view.Type);
        data = [];
        var expanded = ImmutableArray.CreateBuilder<byte>(view.Data.Length);
        Span<byte> wire = stackalloc byte[DnsNameWire.LengthMax];
        if (view.Data.Length < before)
            return false;
        var at = view.DataAt + before;
        expanded.AddRange(view.Data[..before]);
        for (var i = 0; i < names; i++)
        {
            if (!DnsNameWire.TryRead(message, at, wire, out var length, out at) || at > view.Next)
                return false;
            expanded.AddRange(wire[..length]);
        }

        expanded.AddRange(message[at..view.Next]);
        data = expanded.ToImmutable();
        return true;
    }
}
