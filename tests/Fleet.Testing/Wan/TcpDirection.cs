using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>One direction of a connection: a thread that reads from one socket, and a pump that writes to the other when it is time.</summary>
internal sealed class TcpDirection : IDisposable
{
    /// <summary>What a sender's kernel would hold for a peer that takes nothing; then the sender waits.</summary>
    private const int UnderWayMax = 4 * 1024 * 1024;
    private const int ChunkSize = 64 * 1024;
    private const int LookEveryMs = 20;

    private readonly Socket _from;
    private readonly Socket _to;
    private readonly Way _way;
    private readonly Action _over;
    private readonly DelayPump _pump = new("wan");
    private readonly DelayLine<Action> _line;
    private readonly object _room = new();
    private int _underWay;
    private volatile bool _isOver;

    public TcpDirection(Socket from, Socket to, Way way, Action over)
    {
        _from = from;
        _to = to;
        _way = way;
        _over = over;
        _line = _pump.AddLine(way);
    }

    public bool IsOver => _isOver;

    public void Push(Action action) => _pump.Push(_line, action);

    public void StartReading() => new Thread(Read) { IsBackground = true, Name = "wan reader" }.Start();

    public void Dispose()
    {
        _isOver = true;
        _pump.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[ChunkSize];
        try
        {
            while (_from.Receive(buffer) is > 0 and var count)
            {
                var bytes = buffer[..count];
                TakeRoom(count);
                Push(() => Write(bytes));
            }

            PushEnd(() => _to.Shutdown(SocketShutdown.Send));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            PushEnd(() => _to.Close(0));
        }
    }

    private void PushEnd(Action end) => _pump.Push(_line, () => End(end), _way.EndDelay);

    private void TakeRoom(int count)
    {
        lock (_room)
        {
            while (_underWay > UnderWayMax && !_isOver)
                Monitor.Wait(_room, LookEveryMs);
            _underWay += count;
        }
    }

    private void Write(byte[] bytes)
    {
        lock (_room)
        {
            _underWay -= bytes.Length;
            Monitor.Pulse(_room);
        }

        Try(() => _to.Send(bytes));
    }

    private void End(Action end)
    {
        Try(end);
        Dispose();
        _over();
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side is gone; the direction that reads from it says so.
        }
    }
}
