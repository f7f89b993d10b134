using System.Threading.Channels;

namespace Fleet.Node.Tests.Hosts;

/// <summary>One end of a connection in memory.</summary>
internal sealed class PairedStream : Stream
{
    private readonly ChannelReader<byte[]> _from;
    private readonly ChannelWriter<byte[]> _to;
    private readonly ChannelWriter<byte[]> _back;
    private ReadOnlyMemory<byte> _rest;

    private PairedStream(Channel<byte[]> from, Channel<byte[]> to) => (_from, _back, _to) = (from.Reader, from.Writer, to.Writer);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static (PairedStream One, PairedStream Other) Pair()
    {
        var (up, down) = (Channel.CreateUnbounded<byte[]>(), Channel.CreateUnbounded<byte[]>());
        return (new PairedStream(up, down), new PairedStream(down, up));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            if (!await _from.WaitToReadAsync(cancellationToken))
                return 0;
            if (_from.TryRead(out var bytes))
                _rest = bytes;
        }

        var length = Math.Min(buffer.Length, _rest.Length);
        _rest[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _to.TryWrite(buffer.ToArray()) ? default : throw new IOException("The other end has closed.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _to.TryComplete();
        _back.TryComplete();
        base.Dispose(disposing);
    }
}
