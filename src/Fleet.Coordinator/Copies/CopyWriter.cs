using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Copies;

/// <summary>Writes the lines of a copy, and its end.</summary>
internal sealed class CopyWriter(Stream stream) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public async Task WriteAsync(CopyLine line, CancellationToken cancellation)
    {
        var bytes = SealedLine.Seal(JsonSerializer.SerializeToUtf8Bytes(line, CopyJson.Default.CopyLine));
        _hash.AppendData(bytes);
        await stream.WriteAsync(bytes, cancellation);
    }

    public Task EndAsync(long entries, long term, long revision, bool isFinal, CancellationToken cancellation)
    {
        var sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash());
        return WriteAsync(new CopyLine { End = new CopyEnd(entries, term, revision, isFinal, sha256) }, cancellation);
    }

    public void Dispose() => _hash.Dispose();
}
