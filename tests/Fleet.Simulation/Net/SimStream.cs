using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Net;

/// <summary>
/// One end of a Unix domain socket between two processes of a host. When the other end is closed, or its process dead, what was sent can still be
/// read; then comes the end.
/// </summary>
public sealed class SimStream : Stream
{
    private readonly Scheduler _scheduler;
    private readonly Random _chance;
    private readonly ProcessLife _life;
    private readonly Queue<byte[]> _arrived = new();
    private SimStream _peer = null!;
    private (Memory<byte> Buffer, TaskCompletionSource<int> Done)? _read;
    private int _offset;
    private long _lastDue;
    private bool _isClosed;
    private bool _hasEnded;

    private SimStream(Scheduler scheduler, Random chance, ProcessLife life) => (_scheduler, _chance, _life) = (scheduler, chance, life);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Both ends of a new connection.</summary>
    public static (SimStream Client, SimStream Server) Pair(Scheduler scheduler, Random chance, ProcessLife client, ProcessLife server)
    {
        var near = new SimStream(scheduler, chance, client);
        var far = new SimStream(scheduler, chance, server);
        (near._peer, far._peer) = (far, near);
        client.AtDeath(near.Close);
        server.AtDeath(far.Close);
        return (near, far);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_arrived.Count > 0)
            return new ValueTask<int>(Take(buffer));
        if (_hasEnded)
            return new ValueTask<int>(0);
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _read = (buffer, done);
        return new ValueTask<int>(WithAsync(done, cancellationToken));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_hasEnded)
            throw new IOException("The other end is closed.");
        var data = buffer.ToArray();
        Later(() => _peer.Arrive(data));
        return ValueTask.CompletedTask;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Close()
    {
        base.Close();
        if (_isClosed)
            return;
        _isClosed = true;
        Finish(new ObjectDisposedException(nameof(SimStream)));
        Later(_peer.End);
    }

    private async Task<int> WithAsync(TaskCompletionSource<int> done, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() =>
        {
            if (_read?.Done == done)
                _read = null;
            done.TrySetCanceled(cancellation);
        });
        return await done.Task;
    }

    private void Later(Action what)
    {
        _lastDue = Math.Max(_lastDue, Math.Max(_scheduler.Now, _life.BusyUntil) + _chance.Next(20, 200));
        _scheduler.After(_lastDue - _scheduler.Now, what);
    }

    private void Arrive(byte[] data)
    {
        if (_isClosed)
            return;
        _arrived.Enqueue(data);
        if (_read is not var (buffer, done))
            return;
        _read = null;
        done.TrySetResult(Take(buffer));
    }

    private void End()
    {
        _hasEnded = true;
        if (_arrived.Count == 0 && _read is var (_, done))
        {
            _read = null;
            done.TrySetResult(0);
        }
    }

    private void Finish(Exception why)
    {
        if (_read is not var (_, done))
            return;
        _read = null;
        done.TrySetException(why);
    }

    private int Take(Memory<byte> buffer)
    {
        var data = _arrived.Peek();
        var count = Math.Min(buffer.Length, data.Length - _offset);
        data.AsSpan(_offset, count).CopyTo(buffer.Span);
        _offset += count;
        if (_offset == data.Length)
        {
            _arrived.Dequeue();
            _offset = 0;
        }

        return count;
    }
}
