using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Copies;

/// <summary>
/// Reads the lines of a copy, and believes none that is not what was written: each has its checksum, and the end that of all. What is read before the
/// end may be of a copy that is not whole.
/// </summary>
internal static class CopyReader
{
    /// <summary>A state of 50,000 VIPs is 10 MB.</summary>
    private const long LineBytesMax = 1 << 30;

    private const string Remedy = "Use another copy: nothing was changed.";

    /// <exception cref="JournalDamagedException">It is no copy, not a whole one, or another build's.</exception>
    public static async IAsyncEnumerable<CopyLine> ReadAsync(string file, Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        var (number, offset, isEnded) = (0L, 0L, false);
        while (await NextAsync(pipe, cancellation) is { Length: > 0 } bytes)
        {
            var at = new Place(file, offset, ++number);
            if (isEnded)
                throw at.Damaged("follows the end of the copy");
            var line = Open(bytes, at);
            if ((line.Header is not null) != (number == 1) || (line.Snapshot is not null && number != 2))
                throw at.Damaged("is not in its place");
            if (line.Header is { Format: > CopyHeader.Newest } newer)
                throw at.Newer(newer.Format);
            if (line.End is { } end && end.Sha256 != Convert.ToHexStringLower(hash.GetCurrentHash()))
                throw at.Damaged("says another checksum than the lines before it have: lines are missing, or are another copy's");
            hash.AppendData(bytes);
            (isEnded, offset) = (line.End is not null, offset + bytes.Length);
            yield return line;
        }

        if (!isEnded)
            throw new Place(file, offset, number + 1).Damaged("is missing: the copy has no end");
    }

    /// <summary>The next line with its line feed; what follows the last one; empty at the end.</summary>
    private static async Task<byte[]> NextAsync(PipeReader pipe, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } feed)
                return Take(pipe, read.Buffer.Slice(0, read.Buffer.GetPosition(1, feed)));
            if (read.IsCompleted || read.Buffer.Length > LineBytesMax)
                return Take(pipe, read.Buffer);
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static byte[] Take(PipeReader pipe, ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        pipe.AdvanceTo(line.End);
        return bytes;
    }

    private static CopyLine Open(byte[] bytes, Place at)
    {
        SealedLine.RefuseOther(at.File, bytes);
        if (!SealedLine.TryOpen(bytes, out var json))
            throw at.Damaged(at.Number == 1 ? "is not what pbm store export writes" : "is damaged: it is not what was written");
        try
        {
            if (JsonSerializer.Deserialize(json.Span, CopyJson.Default.CopyLine) is { } line && Kinds(line) == 1)
                return line;
        }
        catch (JsonException e)
        {
            throw at.Damaged($"is whole and not understood: {e.Message}");
        }

        throw at.Damaged("is whole and not understood");
    }

    private static int Kinds(CopyLine line) => new object?[] { line.Header, line.Snapshot, line.Entry, line.End }.Count(kind => kind is not null);

    private readonly record struct Place(string File, long Offset, long Number)
    {
        public JournalDamagedException Damaged(string what) => new(File, Offset, $"line {Number} {what}.", Remedy);

        public JournalDamagedException Newer(int format) => new(
            File,
            Offset,
            $"line {Number} says format {format}, and this build reads format {CopyHeader.Newest}.",
            "Use the version of Fleet that wrote it, or a newer one.");
    }
}
