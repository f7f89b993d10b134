using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>
/// Stands before a program's UDP address and passes on what is sent to it, one way. An answer goes to the asker's own address, where another proxy
/// may stand. The source address tells who sent a datagram, so each pair of nodes has a way of its own.
/// </summary>
public sealed class UdpProxy : IDisposable
{
    private const int DatagramMax = 65_535;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _target;
    private readonly DelayPump _pump = new("wan datagrams");
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Way> _ways = [];
    private readonly Random _chance = new(1);

    public UdpProxy(IPEndPoint listen, IPEndPoint target)
    {
        _target = target;
        _socket.Bind(listen);
        Address = (IPEndPoint)_socket.LocalEndPoint!;
        new Thread(Receive) { IsBackground = true, Name = $"proxy of {target}" }.Start();
    }

    public IPEndPoint Address { get; }

    /// <summary>For every sender that has no way of its own.</summary>
    public Way FromAnyone { get; } = new();

    /// <summary>The way from one sender, made at the first call; until then the sender uses <see cref="FromAnyone"/>.</summary>
    public Way From(IPAddress sender)
    {
        lock (_gate)
        {
            if (!_ways.TryGetValue(sender, out var way))
                _ways[sender] = way = new Way { Delay = FromAnyone.Delay, Jitter = FromAnyone.Jitter, Loss = FromAnyone.Loss };
            return way;
        }
    }

    public void Dispose()
    {
        _pump.Dispose();
        _socket.Dispose();
    }

    private void Receive()
    {
        var buffer = new byte[DatagramMax];
        var lines = new Dictionary<Way, DelayLine<Action>>();
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var datagram = buffer[.._socket.ReceiveFrom(buffer, ref sender)];
                var way = WayFrom(((IPEndPoint)sender).Address);
                if (way.IsCut || IsLost(way))
                    continue;
                if (!lines.TryGetValue(way, out var line))
                    lines[way] = line = _pump.AddLine(way);
                _pump.Push(line, () => Send(datagram));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The target is dead: ICMP about an earlier datagram.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private Way WayFrom(IPAddress sender)
    {
        lock (_gate)
            return _ways.GetValueOrDefault(sender, FromAnyone);
    }

    private bool IsLost(Way way) => way.Loss > 0 && _chance.NextDouble() < way.Loss;

    private void Send(byte[] datagram)
    {
        try
        {
            _socket.SendTo(datagram, _target);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Datagrams may be lost.
        }
    }
}
