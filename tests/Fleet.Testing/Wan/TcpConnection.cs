using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>
/// One connection through a <see cref="TcpProxy"/>. It opens as TCP does: the target is called one delay after the client called, and the client's
/// first bytes leave when the answer would have come back. An end, or a reset, of one side reaches the other after what was sent before it.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TcpDirection _up;
    private readonly TcpDirection _down;

    public TcpConnection(Socket client, IPEndPoint target, Way toTarget, Way fromTarget)
    {
        _client = client;
        client.NoDelay = true;
        _up = new TcpDirection(client, _server, toTarget, CloseWhenOver);
        _down = new TcpDirection(_server, client, fromTarget, CloseWhenOver);
        _up.Push(() => Open(target));
    }

    public bool IsOver => _up.IsOver && _down.IsOver;

    public void Dispose()
    {
        _up.Dispose();
        _down.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    private void Open(IPEndPoint target)
    {
        try
        {
            _server.Connect(target);
            _down.Push(_up.StartReading);
            _down.StartReading();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _down.Push(() => _client.Close(0));
            _down.Push(Dispose);
        }
    }

    private void CloseWhenOver()
    {
        if (IsOver)
            Dispose();
    }
}
