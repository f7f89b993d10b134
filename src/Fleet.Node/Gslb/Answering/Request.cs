using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>A query as far as it could be read.</summary>
internal readonly ref struct Request
{
    private readonly ref readonly Edns _edns;

    private Request(DnsHeader header, DnsQuestion question, in Edns edns, bool hasEdns, bool isWellFormed)
    {
        Header = header;
        Question = question;
        _edns = ref edns;
        HasEdns = hasEdns;
        IsWellFormed = isWellFormed;
    }

    /// <summary>The twelve octets in front.</summary>
    public DnsHeader Header { get; }

    /// <summary>The one question; its name is empty where it could not be read.</summary>
    public DnsQuestion Question { get; }

    /// <summary>Whether there is an OPT record.</summary>
    public bool HasEdns { get; }

    /// <summary>
    /// The OPT record, without client subnet and cookie where an option was malformed; all zero where there is none. It stays where the query was
    /// read to, because it is large: copying it took longer than deciding what to answer.
    /// </summary>
    public ref readonly Edns Edns => ref _edns;

    /// <summary>
    /// False calls for FORMERR: more than one question (RFC 9619 4), none and no cookie either (RFC 7873 5.4), a record cut off, OPT twice or outside
    /// the additional section (RFC 6891 6.1.1), malformed options, octets left over.
    /// </summary>
    public bool IsWellFormed { get; }

    /// <summary>Whether there is a question to give back.</summary>
    public bool HasQuestion => Question.Name.Length > 0;

    /// <summary>A message of another kind, whose octets behind the header are not looked at.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="edns">All zero.</param>
    public static Request Unread(DnsHeader header, in Edns edns) => new(header, default, edns, false, false);

    /// <summary>Reads a query whose header has been read. At most 2 + length / 11 steps.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="header">Its header.</param>
    /// <param name="edns">Where the OPT record goes. It must be all zero, and stay in place while the request is used.</param>
    public static Request Read(ReadOnlySpan<byte> message, DnsHeader header, ref Edns edns)
    {
        DnsQuestion question = default;
        if (header.QuestionCount > 1 || (header.QuestionCount == 1 && !DnsQuestion.TryRead(message, out question)))
            return Unread(header, edns);
        var at = header.QuestionCount == 1 ? question.Next : DnsHeader.Size;
        for (var i = header.AnswerCount + header.AuthorityCount; i > 0; i--)
        {
            if (!DnsRecordView.TryRead(message, at, out var record) || record.Type == DnsType.Opt)
                return new Request(header, question, edns, false, false);
            at = record.Next;
        }

        var hasEdns = false;
        for (int i = header.AdditionalCount; i > 0; i--)
        {
            if (!DnsRecordView.TryRead(message, at, out var record))
                return new Request(header, question, edns, hasEdns, false);
            at = record.Next;
            if (record.Type != DnsType.Opt)
                continue;
            if (hasEdns)
                return new Request(header, question, edns, true, false);
            hasEdns = true;
            if (!Shared.Dns.Edns.TryRead(message, record, out edns))
            {
                edns = edns with { Subnet = null, Cookie = null };
                return new Request(header, question, edns, true, false);
            }
        }

        return new Request(header, question, edns, hasEdns, at == message.Length && (header.QuestionCount == 1 || edns.Cookie is not null));
    }
}
