using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>
/// Carries TCP connections to a target as a long wire would: each direction has a delay of its own, which adds to no other and limits no throughput, and each can be cut. What
/// is sent into a cut is held back and arrives when it heals; a connection that is opened meanwhile hangs.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private const int Backlog = 512;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint target;
    private readonly Lock gate = new();
    private readonly List<TcpConnection> connections = [];
    private bool ended;

    public TcpProxy(IPEndPoint listen, IPEndPoint target)
    {
        this.target = target;
        listener.Bind(listen);
        listener.Listen(Backlog);
        Address = (IPEndPoint)listener.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true, Name = $"proxy of {target}" }.Start();
    }

    public IPEndPoint Address { get; }

    public Way ToTarget { get; } = new();

    public Way FromTarget { get; } = new();

    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            foreach (var connection in connections)
                connection.Dispose();
        }

        listener.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
                Take(listener.Accept());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: nobody is listening any more.
        }
    }

    private void Take(Socket client)
    {
        lock (gate)
        {
            connections.RemoveAll(connection => connection.IsOver);
            if (ended)
                client.Dispose();
            else
                connections.Add(new TcpConnection(client, target, ToTarget, FromTarget));
        }
    }
}
