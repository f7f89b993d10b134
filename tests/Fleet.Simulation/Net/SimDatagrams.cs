using System.Net;
using Fleet.Node.Control;

namespace Fleet.Simulation.Net;

/// <summary>
/// A bound UDP port of a node. Of what arrives faster than it is read, as much is kept as a kernel keeps; with its process it is gone.
/// </summary>
public sealed class SimDatagrams(IPEndPoint address, Action<IPEndPoint, byte[]> send) : IDatagrams
{
    private const int KeptMax = 256;

    private readonly Queue<byte[]> _arrived = new();
    private (Memory<byte> Buffer, TaskCompletionSource<int> Done)? _receive;
    private bool _isClosed;

    public IPEndPoint Address => address;

    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => send(to, datagram.ToArray());

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_arrived.TryDequeue(out var datagram))
            return new ValueTask<int>(Copy(datagram, buffer));
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _receive = (buffer, done);
        return new ValueTask<int>(ReceivedAsync(done, cancellation));
    }

    public void Arrive(byte[] datagram)
    {
        if (_isClosed)
            return;
        if (_receive is var (buffer, done))
        {
            _receive = null;
            done.TrySetResult(Copy(datagram, buffer));
        }
        else if (_arrived.Count < KeptMax)
        {
            _arrived.Enqueue(datagram);
        }
    }

    public void Dispose() => _isClosed = true;

    private async Task<int> ReceivedAsync(TaskCompletionSource<int> done, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() =>
        {
            _receive = null;
            done.TrySetCanceled(cancellation);
        });
        return await done.Task;
    }

    private static int Copy(byte[] datagram, Memory<byte> buffer)
    {
        var length = Math.Min(datagram.Length, buffer.Length);
        datagram.AsSpan(0, length).CopyTo(buffer.Span);
        return length;
    }
}
