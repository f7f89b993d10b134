using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>A query as far as it could be read.</summary>
internal readonly ref struct Request
{
    private Request(DnsHeader header, DnsQuestion question, Edns? edns, bool isWellFormed)
    {
        Header = header;
        Question = question;
        Edns = edns;
        IsWellFormed = isWellFormed;
    }

    /// <summary>The twelve octets in front.</summary>
    public DnsHeader Header { get; }

    /// <summary>The one question; its name is empty where it could not be read.</summary>
    public DnsQuestion Question { get; }

    /// <summary>The OPT record, without client subnet and cookie where an option was malformed.</summary>
    public Edns? Edns { get; }

    /// <summary>
    /// False calls for FORMERR: more than one question (RFC 9619 4), none and no cookie either (RFC 7873 5.4), a record cut off, OPT twice or outside
    /// the additional section (RFC 6891 6.1.1), malformed options, octets left over.
    /// </summary>
    public bool IsWellFormed { get; }

    /// <summary>Whether there is a question to give back.</summary>
    public bool HasQuestion => Question.Name.Length > 0;

    /// <summary>A message of another kind, whose octets behind the header are not looked at.</summary>
    public static Request Unread(DnsHeader header) => new(header, default, null, false);

    /// <summary>Reads a query whose header has been read. At most 2 + length / 11 steps.</summary>
    public static Request Read(ReadOnlySpan<byte> message, DnsHeader header)
    {
        DnsQuestion question = default;
        if (header.QuestionCount > 1 || (header.QuestionCount == 1 && !DnsQuestion.TryRead(message, out question)))
            return Unread(header);
        int at = header.QuestionCount == 1 ? question.Next : DnsHeader.Size;
        for (int i = header.AnswerCount + header.AuthorityCount; i > 0; i--)
        {
            if (!DnsRecordView.TryRead(message, at, out DnsRecordView record) || record.Type == DnsType.Opt)
                return new Request(header, question, null, false);
            at = record.Next;
        }

        Edns? edns = null;
        for (int i = header.AdditionalCount; i > 0; i--)
        {
            if (!DnsRecordView.TryRead(message, at, out DnsRecordView record))
                return new Request(header, question, edns, false);
            at = record.Next;
            if (record.Type != DnsType.Opt)
                continue;
            if (edns is not null)
                return new Request(header, question, edns, false);
            bool isWellFormed = Shared.Dns.Edns.TryRead(message, record, out Edns found);
            edns = isWellFormed ? found : found with { Subnet = null, Cookie = null };
            if (!isWellFormed)
                return new Request(header, question, edns, false);
        }

        return new Request(header, question, edns, at == message.Length && (header.QuestionCount == 1 || edns is { Cookie: not null }));
    }
}
