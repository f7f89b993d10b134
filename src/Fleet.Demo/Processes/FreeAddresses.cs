using System.Net;
using System.Net.Sockets;

namespace Fleet.Demo.Processes;

/// <summary>Loopback addresses and ports that nobody uses, so that several fleets can run on one host.</summary>
public static class FreeAddresses
{
    /// <summary>A port that is free on 127.0.0.1 now, for TCP and UDP.</summary>
    public static IPEndPoint Port()
    {
        while (true)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var endpoint = (IPEndPoint)tcp.LocalEndPoint!;
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            if (TryBind(udp, endpoint))
                return endpoint;
        }
    }

    /// <summary>The wanted port, or another when somebody has it.</summary>
    public static IPEndPoint PortOr(int wanted)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, wanted);
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        return TryBind(tcp, endpoint) && TryBind(udp, endpoint) ? endpoint : Port();
    }

    /// <summary>The first three bytes of a /24 below 127.0.0.0/8 in which nobody listens on that port: <c>127.77.0</c> if it can be had.</summary>
    public static string Network(int port)
    {
        var chance = new Random(Environment.ProcessId);
        for (var network = "127.77.0"; ; network = $"127.{chance.Next(78, 250)}.{chance.Next(0, 250)}")
        {
            using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var second = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            if (TryBind(first, IPEndPoint.Parse($"{network}.1:{port}")) && TryBind(second, IPEndPoint.Parse($"{network}.2:{port}")))
                return network;
        }
    }

    private static bool TryBind(Socket socket, IPEndPoint endpoint)
    {
        try
        {
            socket.Bind(endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
