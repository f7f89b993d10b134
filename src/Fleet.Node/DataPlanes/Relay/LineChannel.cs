using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>Lines of UTF-8 over a socket. A read that is cancelled loses nothing: the next one goes on where it was.</summary>
internal sealed class LineChannel : IDisposable
{
    private const int LineBytesMax = 64 * 1024 * 1024;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;

    public LineChannel(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    /// <summary>The next line without its end; null when the other side has closed.</summary>
    /// <exception cref="IOException">The connection broke, or the line is longer than 64 MiB.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end));
                _reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return null;
            if (read.Buffer.Length > LineBytesMax)
                throw new IOException("A line is too long.");
        }
    }

    public ValueTask WriteAsync(byte[] line, CancellationToken cancellation) => _stream.WriteAsync(line, cancellation);

    public void Dispose() => _stream.Dispose();
}
