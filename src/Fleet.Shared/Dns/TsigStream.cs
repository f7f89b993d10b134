namespace Fleet.Shared.Dns;

/// <summary>
/// Checks the signatures of an answer that takes several messages, RFC 8945 5.3.1. The first and the last message are signed, and at least every
/// hundredth between them. Each signature covers the one before and all messages since.
/// </summary>
internal sealed class TsigStream(TsigKey key, byte[] requestMac)
{
    /// <summary>How many messages in a row may be without a signature (RFC 8945 5.3.1).</summary>
    public const int UnsignedMax = 99;

    private readonly List<byte> _unsigned = [];
    private byte[]? _last;
    private int _unsignedCount;

    /// <summary>The newest message was signed: an answer may end with it.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Takes the next message. It is <see cref="TsigOutcome.Good"/> also for a message in between that needs no signature.</summary>
    public TsigCheck Take(ReadOnlySpan<byte> message, ulong nowSeconds)
    {
        IsSealed = false;
        var check = _last is null ? Tsig.Verify(message, key, nowSeconds, requestMac) : Following(message, nowSeconds);
        if (check is { Outcome: TsigOutcome.Good, Record: { } record })
        {
            _last = record.Mac;
            _unsigned.Clear();
            _unsignedCount = 0;
            IsSealed = true;
        }

        return check;
    }

    private TsigCheck Following(ReadOnlySpan<byte> message, ulong nowSeconds)
    {
        if (!TsigRecord.TryFind(message, out var record, out var start))
            return new TsigCheck(TsigOutcome.Malformed, record);
        if (record is null)
        {
            _unsigned.AddRange(message);
            return new TsigCheck(++_unsignedCount <= UnsignedMax ? TsigOutcome.Good : TsigOutcome.Unsigned, null);
        }

        var bare = Tsig.Bare(message, start, record);
        var digested = new byte[2 + _last!.Length + _unsigned.Count + bare.Length + 8];
        var writer = new DnsWriter(digested);
        Tsig.WriteMac(ref writer, _last);
        writer.WriteBytes([.. _unsigned]);
        writer.WriteBytes(bare);
        record.WriteTimers(ref writer);
        return new TsigCheck(Tsig.Verify(record, key, nowSeconds, digested), record);
    }
}
