using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Shared.Protocol;

/// <summary>What the first bytes of a connection are.</summary>
public enum ProxyParse
{
    /// <summary>A whole header is there.</summary>
    Whole,

    /// <summary>The bytes are the beginning of a header; read more.</summary>
    Short,

    /// <summary>No header, whatever follows.</summary>
    Bad,
}

/// <summary>
/// PROXY protocol version 2, binary form (haproxy's proxy-protocol.txt, section 2.2): what a data plane says before a client's first byte, so that a
/// backend knows the client, the VIP and the node between them. Addresses are null for LOCAL connections and for families that are not TCP over IP;
/// receivers then use their own.
/// </summary>
/// <param name="Node">
/// The custom TLV <see cref="NodeType"/>, or else the unique id, which is where HAProxy 2.6 has room for it; null where the sender gave neither.
/// </param>
public sealed record ProxyHeader(IPEndPoint? Client, IPEndPoint? Vip, string? Node)
{
    /// <summary>The first of the types left to applications (PP2_TYPE_MIN_CUSTOM): the node's name in UTF-8.</summary>
    public const byte NodeType = 0xE0;

    /// <summary>PP2_TYPE_UNIQUE_ID: whatever the sender tells connections, or itself, apart by.</summary>
    public const byte UniqueIdType = 0x05;

    /// <summary>The longest name that is sent, in UTF-8 bytes.</summary>
    public const int NodeBytesMax = 255;

    /// <summary>Room that <see cref="TryWrite"/> never exceeds.</summary>
    public const int WriteSizeMax = FixedSize + 36 + 3 + NodeBytesMax;

    private const int FixedSize = 16;
    private const byte VersionAndLocal = 0x20;
    private const byte VersionAndProxy = 0x21;
    private const byte Tcp4 = 0x11;
    private const byte Tcp6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>
    /// False if the two ends are of different families, the name is too long or the room too small: nothing useful is written then.
    /// </summary>
    public static bool TryWrite(Span<byte> target, IPEndPoint client, IPEndPoint vip, string node, out int written)
    {
        written = 0;
        var nameLength = Encoding.UTF8.GetByteCount(node);
        var addressLength = client.AddressFamily == AddressFamily.InterNetwork ? 4 : 16;
        var length = (2 * addressLength) + 4 + 3 + nameLength;
        if (client.AddressFamily != vip.AddressFamily || nameLength > NodeBytesMax || target.Length < FixedSize + length)
            return false;
        Signature.CopyTo(target);
        target[12] = VersionAndProxy;
        target[13] = addressLength == 4 ? Tcp4 : Tcp6;
        BinaryPrimitives.WriteUInt16BigEndian(target[14..], (ushort)length);
        var rest = target[FixedSize..];
        client.Address.TryWriteBytes(rest, out _);
        vip.Address.TryWriteBytes(rest[addressLength..], out _);
        rest = rest[(2 * addressLength)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)vip.Port);
        rest[4] = NodeType;
        BinaryPrimitives.WriteUInt16BigEndian(rest[5..], (ushort)nameLength);
        Encoding.UTF8.GetBytes(node, rest[7..]);
        written = FixedSize + length;
        return true;
    }

    /// <summary>True if <paramref name="source"/> begins with a whole header; the payload follows after <paramref name="length"/> bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ProxyHeader header, out int length) =>
        Read(source, out header, out length) == ProxyParse.Whole;

    /// <inheritdoc cref="TryRead"/>
    public static ProxyParse Read(ReadOnlySpan<byte> source, out ProxyHeader header, out int length)
    {
        header = new ProxyHeader(null, null, null);
        length = 0;
        var seen = Math.Min(source.Length, Signature.Length);
        if (!source[..seen].SequenceEqual(Signature[..seen]) || (source.Length > 12 && source[12] is not (VersionAndLocal or VersionAndProxy)))
            return ProxyParse.Bad;
        if (source.Length < FixedSize)
            return ProxyParse.Short;
        var size = BinaryPrimitives.ReadUInt16BigEndian(source[14..]);
        if (source.Length < FixedSize + size)
            return ProxyParse.Short;
        if (!TryReadBody(source[12] == VersionAndProxy, source[13], source.Slice(FixedSize, size), out header))
            return ProxyParse.Bad;
        length = FixedSize + size;
        return ProxyParse.Whole;
    }

    private static bool TryReadBody(bool proxied, byte familyAndTransport, ReadOnlySpan<byte> body, out ProxyHeader header)
    {
        header = new ProxyHeader(null, null, null);
        // The address block's size by family: unspecified, IPv4, IPv6, Unix; an unknown family is skipped whole.
        var block = (familyAndTransport >> 4) switch { 0 => 0, 1 => 12, 2 => 36, 3 => 216, _ => body.Length };
        if (block > body.Length)
            return false;
        if (proxied && familyAndTransport is Tcp4 or Tcp6)
        {
            var half = familyAndTransport == Tcp4 ? 4 : 16;
            header = header with
            {
                Client = new IPEndPoint(new IPAddress(body[..half]), BinaryPrimitives.ReadUInt16BigEndian(body[(2 * half)..])),
                Vip = new IPEndPoint(new IPAddress(body.Slice(half, half)), BinaryPrimitives.ReadUInt16BigEndian(body[((2 * half) + 2)..])),
            };
        }

        var rest = body[block..];
        while (rest.Length > 0)
        {
            if (rest.Length < 3)
                return false;
            var size = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (rest.Length < 3 + size)
                return false;
            if (rest[0] == NodeType || (rest[0] == UniqueIdType && header.Node is null))
                header = header with { Node = Encoding.UTF8.GetString(rest.Slice(3, size)) };
            rest = rest[(3 + size)..];
        }

        return true;
    }
}
