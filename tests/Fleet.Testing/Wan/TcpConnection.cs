using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>
/// One connection through a <see cref="TcpProxy"/>. It opens as TCP does: the target is called one delay after the client called, and the client's first bytes leave when the
/// answer would have come back. An end, or a reset, of one side reaches the other after what was sent before it.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    private readonly Socket client;
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TcpDirection up;
    private readonly TcpDirection down;

    public TcpConnection(Socket client, IPEndPoint target, Way toTarget, Way fromTarget)
    {
        this.client = client;
        client.NoDelay = true;
        up = new TcpDirection(client, server, toTarget, CloseWhenOver);
        down = new TcpDirection(server, client, fromTarget, CloseWhenOver);
        up.Push(() => Open(target));
    }

    public bool IsOver => up.IsOver && down.IsOver;

    public void Dispose()
    {
        up.Dispose();
        down.Dispose();
        client.Dispose();
        server.Dispose();
    }

    private void Open(IPEndPoint target)
    {
        try
        {
            server.Connect(target);
            down.Push(up.StartReading);
            down.StartReading();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            down.Push(() => client.Close(0));
            down.Push(Dispose);
        }
    }

    private void CloseWhenOver()
    {
        if (IsOver)
            Dispose();
    }
}
