using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb;

/// <summary>A client on real sockets, bounded in time.</summary>
internal static class Asker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Sends one datagram and returns the next one that comes back.</summary>
    public static byte[] OverUdp(IPEndPoint server, byte[] query)
    {
        using var socket = OpenUdp(server);
        socket.Send(query);
        return Receive(socket);
    }

    public static Socket OpenUdp(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        socket.Connect(server);
        return socket;
    }

    public static byte[] Receive(Socket socket)
    {
        var buffer = new byte[65_535];
        return buffer[..socket.Receive(buffer)];
    }

    public static DnsReply Ask(IPEndPoint server, string name, DnsType type, ushort id = 0x1234) =>
        Zones.Read(OverUdp(server, Zones.Query(name, type, id: id)));

    public static TcpClient OpenTcp(IPEndPoint server)
    {
        var client = new TcpClient(server.AddressFamily)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        client.Connect(server);
        return client;
    }

    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame, 2);
        return frame;
    }

    public static byte[] ReadFrame(NetworkStream stream)
    {
        var length = new byte[2];
        stream.ReadExactly(length);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        stream.ReadExactly(message);
        return message;
    }

    /// <summary>Whether the server has closed the connection, by an end or a reset.</summary>
    public static bool IsClosed(NetworkStream stream)
    {
        try
        {
            return stream.ReadByte() < 0;
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }
}
