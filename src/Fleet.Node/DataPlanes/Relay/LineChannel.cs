namespace Fleet.Node.DataPlanes.Relay;

/// <summary>Lines of UTF-8 over a stream. A read that is cancelled loses nothing: the next one goes on where it was.</summary>
internal sealed class LineChannel(Stream stream) : IDisposable
{
    private readonly LineBuffer _lines = new();

    /// <summary>The next line without its end; null when the other side has closed.</summary>
    /// <exception cref="IOException">The connection broke, or the line is too long.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        string line;
        while (!_lines.TryTake(out line))
        {
            var received = await stream.ReadAsync(_lines.Room(), cancellation);
            if (received == 0)
                return null;
            _lines.Add(received);
        }

        return line;
    }

    public ValueTask WriteAsync(byte[] line, CancellationToken cancellation) => stream.WriteAsync(line, cancellation);

    public void Dispose() => stream.Dispose();
}
