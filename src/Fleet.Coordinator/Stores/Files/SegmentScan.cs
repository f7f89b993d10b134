using System.Collections.Immutable;
using System.Text.Json;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>One good entry of a segment.</summary>
/// <param name="Offset">Bytes from the start of the segment.</param>
internal readonly record struct SegmentLine(int Offset, long Revision, ReadOnlyMemory<byte> Json);

/// <summary>What follows the good entries of a segment.</summary>
internal enum SegmentEnd
{
    /// <summary>Nothing.</summary>
    Clean,

    /// <summary>
    /// What a crash within one append can leave: the beginning of an entry, or an entry of which whole sectors were never written and read as zeroes.
    /// </summary>
    Torn,

    /// <summary>
    /// Anything else: an entry that was written to its end, or is followed by another, has been acknowledged. Bit rot, or somebody's editor.
    /// </summary>
    Damaged,
}

/// <summary>What the bytes of one segment hold.</summary>
/// <param name="GoodLength">Where the good entries end.</param>
internal sealed record SegmentScan(ImmutableArray<SegmentLine> Lines, int GoodLength, SegmentEnd End)
{
    /// <summary>What a disk writes whole or not at all; file systems write larger blocks, which begin where sectors do.</summary>
    private const int Sector = 512;

    public static SegmentScan Scan(ReadOnlyMemory<byte> bytes)
    {
        var lines = ImmutableArray.CreateBuilder<SegmentLine>();
        var offset = 0;
        while (TryLine(bytes[offset..], out var length, out var line))
        {
            lines.Add(line with { Offset = offset });
            offset += length;
        }

        var end = offset == bytes.Length ? SegmentEnd.Clean : IsTorn(bytes, offset) ? SegmentEnd.Torn : SegmentEnd.Damaged;
        return new SegmentScan(lines.ToImmutable(), offset, end);
    }

    /// <summary>
    /// Can a crash have left what follows the good entries? An append is one write of one line, and none begins before the one before it is on stable
    /// storage. So the rest is torn when its line feed is missing, or when a sector of it is missing. A flipped bit causes neither, except in the
    /// line feed itself, and then everything before that is whole.
    /// </summary>
    private static bool IsTorn(ReadOnlyMemory<byte> bytes, int offset)
    {
        var tail = bytes[offset..];
        if (HoldsEntry(tail))
            return false;
        return tail.Span.Contains((byte)'\n') ? LacksSector(bytes.Span, offset) : tail.Span[^1] == 0 || !IsWholeButForItsEnd(tail.Span);
    }

    /// <summary>
    /// JSON has no zeroes, and no flipped bit turns a line's first or last byte into one. So the tail's part of a sector is all zero only if it was
    /// never written.
    /// </summary>
    private static bool LacksSector(ReadOnlySpan<byte> bytes, int offset)
    {
        for (var start = offset; start < bytes.Length;)
        {
            var end = Math.Min(bytes.Length, (start / Sector + 1) * Sector);
            if (!bytes[start..end].ContainsAnyExcept((byte)0))
                return true;
            start = end;
        }

        return false;
    }

    private static bool IsWholeButForItsEnd(ReadOnlySpan<byte> tail)
    {
        byte[] mended = [.. tail];
        mended[^1] = (byte)'\n';
        return SealedLine.TryOpen(mended, out _);
    }

    private static bool HoldsEntry(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Span.IndexOf((byte)'\n') is var feed and >= 0)
        {
            bytes = bytes[(feed + 1)..];
            if (TryLine(bytes, out _, out _))
                return true;
        }

        return false;
    }

    private static bool TryLine(ReadOnlyMemory<byte> bytes, out int length, out SegmentLine line)
    {
        line = default;
        length = bytes.Span.IndexOf((byte)'\n') + 1;
        if (length == 0 || !SealedLine.TryOpen(bytes[..length], out var json) || !TryRevision(json.Span, out var revision))
            return false;
        line = new SegmentLine(0, revision, json);
        return true;
    }

    private static bool TryRevision(ReadOnlySpan<byte> json, out long revision)
    {
        revision = 0;
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject
            && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("revision"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out revision);
    }
}
