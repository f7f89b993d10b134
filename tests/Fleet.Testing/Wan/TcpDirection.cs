using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>One direction of a connection: a thread that reads from one socket, and a pump that writes to the other when it is time.</summary>
internal sealed class TcpDirection : IDisposable
{
    /// <summary>What a sender's kernel would hold for a peer that takes nothing; then the sender waits.</summary>
    private const int UnderWayMax = 4 * 1024 * 1024;
    private const int ChunkSize = 64 * 1024;
    private const int LookEveryMs = 20;

    private readonly Socket from;
    private readonly Socket to;
    private readonly Action over;
    private readonly DelayPump pump = new("wan");
    private readonly DelayLine<Action> line;
    private readonly object room = new();
    private int underWay;
    private volatile bool isOver;

    public TcpDirection(Socket from, Socket to, Way way, Action over)
    {
        this.from = from;
        this.to = to;
        this.over = over;
        line = pump.AddLine(way);
    }

    public bool IsOver => isOver;

    public void Push(Action action) => pump.Push(line, action);

    public void StartReading() => new Thread(Read) { IsBackground = true, Name = "wan reader" }.Start();

    public void Dispose()
    {
        isOver = true;
        pump.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[ChunkSize];
        try
        {
            while (from.Receive(buffer) is > 0 and var count)
            {
                var bytes = buffer[..count];
                TakeRoom(count);
                Push(() => Write(bytes));
            }

            Push(() => End(() => to.Shutdown(SocketShutdown.Send)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Push(() => End(() => to.Close(0)));
        }
    }

    private void TakeRoom(int count)
    {
        lock (room)
        {
            while (underWay > UnderWayMax && !isOver)
                Monitor.Wait(room, LookEveryMs);
            underWay += count;
        }
    }

    private void Write(byte[] bytes)
    {
        lock (room)
        {
            underWay -= bytes.Length;
            Monitor.Pulse(room);
        }

        Try(() => to.Send(bytes));
    }

    private void End(Action end)
    {
        Try(end);
        Dispose();
        over();
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
