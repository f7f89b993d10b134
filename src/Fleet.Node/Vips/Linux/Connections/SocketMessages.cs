using System.Net;
using System.Runtime.InteropServices;
using Fleet.Node.Vips.Linux.Netlink;

namespace Fleet.Node.Vips.Linux.Connections;

/// <summary>
/// TCP sockets of the host in sock_diag(7): struct inet_diag_req_v2 and inet_diag_msg, in which struct inet_diag_sockid of 48 octets names a socket
/// (ports, both addresses of 16 octets each, interface, cookie).
/// </summary>
internal static class SocketMessages
{
    public const byte Inet = 2;
    public const byte Inet6 = 10;

    private const ushort ByFamily = 20; // SOCK_DIAG_BY_FAMILY
    private const ushort Destroy = 21; // SOCK_DESTROY
    private const int RequestSize = 56;
    private const int IdSize = 48;
    private const int IdAtInRequest = 8;
    private const int IdAtInAnswer = 4;
    private const int SourceAtInId = 4;
    private const byte Tcp = 6;

    /// <summary>
    /// All states (a bit each, linux/net/tcp_states.h) in which a client may still wait for something: not TIME_WAIT (6), CLOSE (7) and LISTEN (10).
    /// </summary>
    private const uint States = 0x1FFE & ~((1u << 6) | (1u << 7) | (1u << 10));

    private const ushort BytecodeAttribute = 1;
    private const byte SourceCondition = 7; // INET_DIAG_BC_S_COND
    private const int OperationSize = 4;
    private const int ConditionSize = 8;

    /// <summary>
    /// Asks for the sockets of a family whose own address begins like that one. An IPv6 socket with an IPv4 address in it is found by
    /// <paramref name="family"/> 10 and an IPv4 prefix. The kernel runs the condition, a program of one step: on a match it goes to the program's
    /// end, which takes the socket; otherwise past it, which leaves it out.
    /// </summary>
    public static void WriteDump(NetlinkWriter writer, byte family, ReadOnlySpan<byte> address, int prefixLength)
    {
        writer.Begin(ByFamily, NetlinkFlags.Request | NetlinkFlags.Dump);
        Span<byte> request = stackalloc byte[RequestSize];
        (request[0], request[1]) = (family, Tcp);
        MemoryMarshal.Write(request[4..], States);
        writer.Bytes(request);
        var size = OperationSize + ConditionSize + address.Length;
        Span<byte> program = stackalloc byte[size];
        (program[0], program[1]) = (SourceCondition, (byte)size);
        MemoryMarshal.Write(program[2..], (ushort)(size + OperationSize));
        (program[4], program[5]) = (address.Length == 4 ? Inet : Inet6, (byte)prefixLength);
        MemoryMarshal.Write(program[8..], -1); // any port
        address.CopyTo(program[12..]);
        writer.Attribute(BytecodeAttribute, program);
        writer.End();
    }

    /// <summary>Reads a socket of a dump.</summary>
    public static bool TryRead(in NetlinkMessage message, out HostSocket socket)
    {
        socket = default!;
        if (message.Type != ByFamily || message.Body.Length < IdAtInAnswer + IdSize)
            return false;
        var id = message.Body.Slice(IdAtInAnswer, IdSize);
        var address = new IPAddress(id.Slice(SourceAtInId, message.Body[0] == Inet6 ? 16 : 4));
        socket = new HostSocket(message.Body[0], address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, id.ToArray());
        return true;
    }

    /// <summary>Ends a socket at once: its peer gets a reset, and the program that has it an error.</summary>
    public static void WriteDestroy(NetlinkWriter writer, HostSocket socket)
    {
        writer.Begin(Destroy, NetlinkFlags.Request | NetlinkFlags.Acknowledge);
        Span<byte> request = stackalloc byte[RequestSize];
        (request[0], request[1]) = (socket.Family, Tcp);
        MemoryMarshal.Write(request[4..], States);
        socket.Id.CopyTo(request[IdAtInRequest..]);
        writer.Bytes(request);
        writer.End();
    }
}
