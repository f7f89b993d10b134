using System.Collections.Immutable;
using System.Text.Json;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>One good entry of a segment.</summary>
/// <param name="Offset">Bytes from the start of the segment.</param>
public readonly record struct SegmentLine(int Offset, long Revision, ReadOnlyMemory<byte> Json);

/// <summary>What follows the good entries of a segment.</summary>
public enum SegmentEnd
{
    /// <summary>Nothing.</summary>
    Clean,

    /// <summary>Bytes that are no entry, and no entry after them: what a crash within an append leaves.</summary>
    Torn,

    /// <summary>Bytes that are no entry, and an entry after them: bit rot, or somebody's editor.</summary>
    Damaged,
}

/// <summary>What the bytes of one segment hold.</summary>
/// <param name="GoodLength">Where the good entries end.</param>
public sealed record SegmentScan(ImmutableArray<SegmentLine> Lines, int GoodLength, SegmentEnd End)
{
    public static SegmentScan Of(ReadOnlyMemory<byte> bytes)
    {
        var lines = ImmutableArray.CreateBuilder<SegmentLine>();
        var offset = 0;
        while (TryLine(bytes[offset..], out var length, out var line))
        {
            lines.Add(line with { Offset = offset });
            offset += length;
        }

        var end = offset == bytes.Length ? SegmentEnd.Clean : HoldsEntry(bytes[offset..]) ? SegmentEnd.Damaged : SegmentEnd.Torn;
        return new SegmentScan(lines.ToImmutable(), offset, end);
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
