using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Wan;

/// <summary>
/// Stands before a program's UDP address and passes on what is sent to it, one way: an answer goes to the asker's own address, before which another proxy may stand. Who sent a
/// datagram is told by its source address, so each pair of nodes has a way of its own.
/// </summary>
public sealed class UdpProxy : IDisposable
{
    private const int DatagramMax = 65_535;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint target;
    private readonly DelayPump pump = new("wan datagrams");
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, Way> ways = [];
    private readonly Random chance = new(1);

    public UdpProxy(IPEndPoint listen, IPEndPoint target)
    {
        this.target = target;
        socket.Bind(listen);
        Address = (IPEndPoint)socket.LocalEndPoint!;
        new Thread(Receive) { IsBackground = true, Name = $"proxy of {target}" }.Start();
    }

    public IPEndPoint Address { get; }

    /// <summary>For every sender that has no way of its own.</summary>
    public Way FromAnyone { get; } = new();

    /// <summary>The way from one sender, made at the first call; until then that of everybody is its.</summary>
    public Way From(IPAddress sender)
    {
        lock (gate)
        {
            if (!ways.TryGetValue(sender, out var way))
                ways[sender] = way = new Way { Delay = FromAnyone.Delay, Jitter = FromAnyone.Jitter, Loss = FromAnyone.Loss };
            return way;
        }
    }

    public void Dispose()
    {
        pump.Dispose();
        socket.Dispose();
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
                var datagram = buffer[..socket.ReceiveFrom(buffer, ref sender)];
                var way = WayFrom(((IPEndPoint)sender).Address);
                if (way.IsCut || IsLost(way))
                    continue;
                if (!lines.TryGetValue(way, out var line))
                    lines[way] = line = pump.AddLine(way);
                pump.Push(line, () => Send(datagram));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The target is dead: ICMP of a datagram before.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private Way WayFrom(IPAddress sender)
    {
        lock (gate)
            return ways.GetValueOrDefault(sender, FromAnyone);
    }

    private bool IsLost(Way way) => way.Loss > 0 && chance.NextDouble() < way.Loss;

    private void Send(byte[] datagram)
    {
        try
        {
            socket.SendTo(datagram, target);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Datagrams may be lost.
        }
    }
}
