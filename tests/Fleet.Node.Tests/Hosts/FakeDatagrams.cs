using System.Net;
using System.Threading.Channels;
using Fleet.Node.Control;

namespace Fleet.Node.Tests.Hosts;

/// <summary>A UDP port that keeps what is sent, and receives what it is given.</summary>
internal sealed class FakeDatagrams : IDatagrams
{
    private readonly Channel<byte[]> _come = Channel.CreateUnbounded<byte[]>();

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, 7001);

    public List<(IPEndPoint To, byte[] Bytes)> Sent { get; } = [];

    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => Sent.Add((to, datagram.ToArray()));

    public void Come(byte[] datagram) => _come.Writer.TryWrite(datagram);

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            await _come.Reader.WaitToReadAsync(cancellation);
            if (!_come.Reader.TryRead(out var datagram))
                continue;
            datagram.CopyTo(buffer);
            return datagram.Length;
        }
    }

    public void Dispose()
    {
    }
}
