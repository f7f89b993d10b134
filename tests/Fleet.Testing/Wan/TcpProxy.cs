using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>
/// Carries TCP connections to a target as a long wire would: each direction has a delay of its own, which adds to no other and limits no throughput,
/// and each can be cut. What is sent into a cut is held back and arrives when it heals; a connection that is opened meanwhile hangs.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private const int Backlog = 512;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly Lock _gate = new();
    private readonly List<TcpConnection> _connections = [];
    private bool _ended;

    public TcpProxy(IPEndPoint listen, IPEndPoint target)
    {
        _target = target;
        _listener.Bind(listen);
        _listener.Listen(Backlog);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true, Name = $"proxy of {target}" }.Start();
    }

    public IPEndPoint Address { get; }

    public Way ToTarget { get; } = new();

    public Way FromTarget { get; } = new();

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var connection in _connections)
                connection.Dispose();
        }

        _listener.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
                Take(_listener.Accept());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: nobody is listening any more.
        }
    }

    private void Take(Socket client)
    {
        lock (_gate)
        {
            _connections.RemoveAll(connection => connection.IsOver);
            if (_ended)
                client.Dispose();
            else
                _connections.Add(new TcpConnection(client, _target, ToTarget, FromTarget));
        }
    }
}
