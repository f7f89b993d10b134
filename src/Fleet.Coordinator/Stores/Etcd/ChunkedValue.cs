using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Coordinator.Stores.Etcd;

/// <summary>
/// Stands for octets that are too many for one transaction of etcd (1.5 MB): they lie, compressed, under keys of their own, which are written first.
/// As text: <c>chunks NAME COUNT SHA256</c>.
/// </summary>
internal sealed record ChunkedValue(string Name, int Count, string Sha256)
{
    /// <summary>A third of what a request may hold: a member that is busy takes them one by one between other requests.</summary>
    public const int ChunkSize = 512 * 1024;

    private const string Word = "chunks ";

    public byte[] ToOctets() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Word}{Name} {Count} {Sha256}"));

    /// <summary>Null when it is none.</summary>
    public static ChunkedValue? Parse(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets.AsSpan(0, Math.Min(octets.Length, 512)));
        if (!text.StartsWith(Word, StringComparison.Ordinal) || text[Word.Length..].Split(' ') is not [var name, var count, var sha256])
            return null;
        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new ChunkedValue(name, number, sha256)
            : null;
    }

    /// <summary>The chunks, and what stands for them.</summary>
    public static (ChunkedValue Value, byte[][] Chunks) Cut(string name, byte[] octets)
    {
        var packed = Pack(octets);
        var count = (packed.Length + ChunkSize - 1) / ChunkSize;
        var chunks = Enumerable.Range(0, count)
            .Select(i => packed.AsSpan(i * ChunkSize, Math.Min(ChunkSize, packed.Length - (i * ChunkSize))).ToArray())
            .ToArray();
        return (new ChunkedValue(name, chunks.Length, Digest(packed)), chunks);
    }

    /// <summary>Null when they are not what was cut.</summary>
    public byte[]? Join(IReadOnlyList<byte[]> chunks)
    {
        using var joined = new MemoryStream();
        foreach (var chunk in chunks)
            joined.Write(chunk);
        var packed = joined.ToArray();
        if (chunks.Count != Count || Digest(packed) != Sha256)
            return null;
        using var octets = new MemoryStream();
        using (var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
            unpacked.CopyTo(octets);
        return octets.ToArray();
    }

    private static byte[] Pack(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
            zip.Write(octets);
        return packed.ToArray();
    }

    private static string Digest(byte[] octets) => Convert.ToHexStringLower(SHA256.HashData(octets));
}
