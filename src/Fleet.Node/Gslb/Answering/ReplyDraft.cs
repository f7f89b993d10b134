using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// A reply being written: header and question first, room for OPT kept free, the header filled in last.
/// What does not fit leaves an empty reply with TC (RFC 2181 9), so that the asker comes back over TCP.
/// </summary>
internal ref struct ReplyDraft
{
    private readonly Span<byte> _buffer;
    private readonly DnsHeader _asked;
    private readonly bool _hasQuestion;
    private readonly bool _hasEdns;
    private readonly ref readonly Edns _askedEdns;
    private readonly DnsCookie? _cookie;
    private bool _isCompact;

    /// <summary>Where records go: answers, then authority, then additional. Count them below.</summary>
    public DnsWriter Writer;

    /// <summary>
    /// Starts the reply to <paramref name="request"/> in a buffer as long as the reply may be, at least 512 octets; <paramref name="cookie"/> goes
    /// with it.
    /// </summary>
    public ReplyDraft(Span<byte> buffer, in Request request, DnsCookie? cookie)
    {
        _buffer = buffer;
        _asked = request.Header;
        _hasQuestion = request.HasQuestion;
        _hasEdns = request.HasEdns;
        _askedEdns = ref request.Edns;
        _cookie = cookie;
        Writer = new DnsWriter(_hasEdns ? buffer[..^_askedEdns.ReplySize(cookie)] : buffer);
        Writer.Skip(DnsHeader.Size);
        if (_hasQuestion)
        {
            Writer.WriteBytes(request.Question.Name);
            Writer.WriteUInt16((ushort)request.Question.Type);
            Writer.WriteUInt16((ushort)request.Question.Class);
        }

        BodyAt = Writer.Position;
    }

    /// <summary>Whether a cookie goes with the reply.</summary>
    public readonly bool HasCookie => _cookie is not null;

    /// <summary>Where the answer section starts.</summary>
    public int BodyAt { get; }

    /// <summary>Whether the finished reply says TC.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>DO: the asker takes signatures.</summary>
    public readonly bool DnssecOk => _askedEdns.DnssecOk;

    /// <summary>Records in the answer section.</summary>
    public ushort Answers { get; set; }

    /// <summary>Records in the authority section.</summary>
    public ushort Authority { get; set; }

    /// <summary>Records in the additional section, OPT not counted.</summary>
    public ushort Additional { get; set; }

    /// <summary>How many bits of the client's subnet the answer depends on; goes into OPT beside the subnet (RFC 7871 7.2.1).</summary>
    public byte Scope { get; set; }

    /// <summary>
    /// Tells an asker that takes compact answers that this is one. Returns whether it did: then the reply may say that a name does not exist (RFC
    /// 9824 5.1).
    /// </summary>
    public bool AgreeToCompact()
    {
        _isCompact = _askedEdns.CompactOk;
        return _isCompact;
    }

    /// <summary>Takes all records back.</summary>
    public void Empty()
    {
        Writer.Rewind(BodyAt);
        Answers = Authority = Additional = 0;
    }

    /// <summary>Writes OPT and header; returns the octets of the reply.</summary>
    /// <param name="rcode">Codes above 15 need OPT in the query.</param>
    /// <param name="authoritative">AA.</param>
    /// <param name="truncated">TC, even where everything fits.</param>
    public int Finish(DnsRcode rcode, bool authoritative, bool truncated = false)
    {
        IsTruncated = truncated || Writer.Overflowed;
        if (Writer.Overflowed)
            Empty();
        var length = Writer.Position;
        if (_hasEdns)
        {
            var opt = new DnsWriter(_buffer[length..]);
            _askedEdns.WriteReply(ref opt, (byte)((ushort)rcode >> 4), _isCompact, Scope, _cookie);
            length += opt.Position;
            Additional++;
        }

        var flags = DnsHeader.ResponseFlag | (_asked.Flags & (DnsHeader.OpcodeMask | DnsHeader.RecursionDesiredFlag)) | ((ushort)rcode & 0xF)
            | (authoritative ? DnsHeader.AuthoritativeFlag : 0) | (IsTruncated ? DnsHeader.TruncatedFlag : 0);
        new DnsHeader(_asked.Id, (ushort)flags, (ushort)(_hasQuestion ? 1 : 0), Answers, Authority, Additional).Write(_buffer);
        return length;
    }
}
