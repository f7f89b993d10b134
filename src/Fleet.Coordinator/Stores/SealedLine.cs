using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Stores;

/// <summary>
/// The framing of everything that the file store keeps, and of copies: one line of JSON, <c>{"schema":3,"crc32c":"9ae0daaf","data":…}</c>, so that
/// <c>less</c> and <c>jq</c> read it as it is. The checksum is CRC-32C (RFC 3720, appendix B.4) of the bytes after <c>"data":</c>; every other byte
/// has one legal value, so no flipped bit goes unnoticed.
/// </summary>
internal static class SealedLine
{
    /// <summary>Grows when the kept data changes its meaning: data that another build has written is refused, never guessed at.</summary>
    public const int Schema = 3;

    private static readonly byte[] Head = Encoding.ASCII.GetBytes($"{{\"schema\":{Schema},\"crc32c\":\"");
    private static readonly byte[] Middle = Encoding.ASCII.GetBytes("\",\"data\":");
    private static readonly byte[] Tail = Encoding.ASCII.GetBytes("}\n");

    private static int BodyStart => Head.Length + 8 + Middle.Length;

    /// <summary>Makes the line of one JSON value, its line feed included.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> json)
    {
        var line = new byte[BodyStart + json.Length + Tail.Length];
        Head.CopyTo(line, 0);
        Encoding.ASCII.GetBytes(Checksum(json).ToString("x8"), line.AsSpan(Head.Length));
        Middle.CopyTo(line, Head.Length + 8);
        json.CopyTo(line.AsSpan(BodyStart));
        Tail.CopyTo(line, line.Length - Tail.Length);
        return line;
    }

    /// <summary>Takes a line with its line feed, and gives its JSON value if every byte is as it was sealed.</summary>
    public static bool TryOpen(ReadOnlyMemory<byte> line, out ReadOnlyMemory<byte> json)
    {
        json = default;
        var bytes = line.Span;
        if (bytes.Length < BodyStart + Tail.Length
            || !bytes.StartsWith(Head)
            || !bytes.EndsWith(Tail)
            || !bytes[(Head.Length + 8)..].StartsWith(Middle))
            return false;
        var body = line[BodyStart..^Tail.Length];
        Span<byte> expected = stackalloc byte[8];
        Encoding.ASCII.GetBytes(Checksum(body.Span).ToString("x8"), expected);
        if (!bytes.Slice(Head.Length, 8).SequenceEqual(expected))
            return false;
        json = body;
        return true;
    }

    /// <summary>Throws if a file begins with a line in the format of another build.</summary>
    /// <exception cref="JournalDamagedException">It does.</exception>
    public static void RefuseOther(string file, ReadOnlySpan<byte> line)
    {
        if (IsOther(line))
        {
            throw new JournalDamagedException(
                file,
                0,
                $"{OtherBuild.Wrote(Schema)}. Nothing was changed.",
                "Start the build that wrote it, or move the data folder away and begin with an empty one.");
        }
    }

    /// <summary>A torn line, which a crash leaves, is another matter.</summary>
    private static bool IsOther(ReadOnlySpan<byte> line)
    {
        var start = "{\"schema\":"u8;
        // Before there were numbers a line began with its checksum.
        if (line.StartsWith("{\"crc32c\":\""u8))
            return true;
        return line.StartsWith(start)
            && Utf8Parser.TryParse(line[start.Length..], out int schema, out var digits)
            && schema != Schema
            && line[(start.Length + digits)..].StartsWith(",\"crc32c\":\""u8);
    }

    /// <summary>CRC-32C: reflected, initial value and final exclusive-or all ones; of <c>123456789</c> it is <c>e3069283</c>.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
