using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fleet.Shared.Dns;

/// <summary>What checking a message's signature found.</summary>
public enum TsigOutcome
{
    /// <summary>Signed with the key, for this message, in time.</summary>
    Good,

    /// <summary>There is no signature, or one without a MAC: the sender proves nothing.</summary>
    Unsigned,

    /// <summary>Signed with another key or algorithm.</summary>
    OtherKey,

    /// <summary>Not the signature of this message, or cut short (which is never accepted).</summary>
    Forged,

    /// <summary>Signed too long ago, or in the future.</summary>
    OutOfTime,

    /// <summary>The message cannot be read.</summary>
    Malformed,
}

/// <param name="Outcome">Whether the message may be believed.</param>
/// <param name="Record">
/// The signature as it is in the message, if one could be read. Its error tells what a server holds against a request, even if nobody signed it.
/// </param>
public readonly record struct TsigCheck(TsigOutcome Outcome, TsigRecord? Record);

/// <summary>Signs messages and checks signatures, RFC 8945 4.3 and 5. Time is a parameter: seconds since 1970.</summary>
public static class Tsig
{
    /// <summary>How many seconds two clocks may differ: what RFC 8945 10 recommends.</summary>
    public const ushort FudgeSeconds = 300;

    /// <summary>The message with its signature behind it.</summary>
    /// <param name="message">A whole message without a signature.</param>
    /// <param name="key">The key to sign with.</param>
    /// <param name="nowSeconds">The time signed.</param>
    /// <param name="requestMac">The signature of the request, where this answers one.</param>
    /// <param name="mac">The signature: it goes into the check of the answer.</param>
    /// <param name="fudge">How many seconds the receiver's clock may differ.</param>
    public static byte[] Sign(
        ReadOnlySpan<byte> message, TsigKey key, ulong nowSeconds, ReadOnlySpan<byte> requestMac, out byte[] mac, ushort fudge = FudgeSeconds)
    {
        var record = new TsigRecord
        {
            Key = key.Name,
            Algorithm = key.AlgorithmName,
            TimeSigned = nowSeconds,
            Fudge = fudge,
            Mac = [],
            OriginalId = BinaryPrimitives.ReadUInt16BigEndian(message),
        };
        return Attach(message, record with { Mac = mac = key.Mac(Digested(message, record, requestMac)) });
    }

    /// <summary>Checks the signature of a single message, or of the first of several.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="key">The only key that will do.</param>
    /// <param name="nowSeconds">The receiver's time.</param>
    /// <param name="requestMac">The signature of the request that this answers; empty if it is a request.</param>
    public static TsigCheck Verify(ReadOnlySpan<byte> message, TsigKey key, ulong nowSeconds, ReadOnlySpan<byte> requestMac)
    {
        if (!TsigRecord.TryFind(message, out var record, out var start))
            return new TsigCheck(TsigOutcome.Malformed, record);
        if (record is null)
            return new TsigCheck(TsigOutcome.Unsigned, null);
        return new TsigCheck(Verify(record, key, nowSeconds, Digested(Bare(message, start, record), record, requestMac)), record);
    }

    /// <summary>In the order of RFC 8945 5.2: key, signature, time.</summary>
    internal static TsigOutcome Verify(TsigRecord record, TsigKey key, ulong nowSeconds, ReadOnlySpan<byte> digested)
    {
        if (record.Mac.Length == 0)
            return TsigOutcome.Unsigned;
        if (!record.Key.Equals(key.Name) || !record.Algorithm.Equals(key.AlgorithmName))
            return TsigOutcome.OtherKey;
        if (record.Mac.Length != key.MacSize || !CryptographicOperations.FixedTimeEquals(record.Mac, key.Mac(digested)))
            return TsigOutcome.Forged;
        var apart = nowSeconds > record.TimeSigned ? nowSeconds - record.TimeSigned : record.TimeSigned - nowSeconds;
        return apart <= record.Fudge ? TsigOutcome.Good : TsigOutcome.OutOfTime;
    }

    /// <summary>The message as it was before it was signed: without the signature, not counting it, with its original id (RFC 8945 4.3.2).</summary>
    internal static byte[] Bare(ReadOnlySpan<byte> message, int start, TsigRecord record)
    {
        var bare = message[..start].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bare, record.OriginalId);
        BinaryPrimitives.WriteUInt16BigEndian(bare.AsSpan(10), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bare.AsSpan(10)) - 1));
        return bare;
    }

    /// <summary>Two octets of length, then the MAC (RFC 8945 4.3.1).</summary>
    internal static void WriteMac(ref DnsWriter writer, ReadOnlySpan<byte> mac)
    {
        writer.WriteUInt16((ushort)mac.Length);
        writer.WriteBytes(mac);
    }

    private static ReadOnlySpan<byte> Digested(ReadOnlySpan<byte> bare, TsigRecord record, ReadOnlySpan<byte> requestMac)
    {
        var digested = new byte[requestMac.Length + 2 + bare.Length + TsigRecord.SizeMax + record.Other.Length];
        var writer = new DnsWriter(digested);
        if (requestMac.Length > 0)
            WriteMac(ref writer, requestMac);
        writer.WriteBytes(bare);
        record.WriteVariables(ref writer);
        return digested.AsSpan(0, writer.Position);
    }

    private static byte[] Attach(ReadOnlySpan<byte> message, TsigRecord record)
    {
        var signed = new byte[message.Length + TsigRecord.SizeMax];
        var writer = new DnsWriter(signed);
        writer.WriteBytes(message);
        record.Write(ref writer);
        BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(10), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(signed.AsSpan(10)) + 1));
        return signed[..writer.Position];
    }
}
