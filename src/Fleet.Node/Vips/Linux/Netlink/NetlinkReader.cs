using System.Runtime.InteropServices;

namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>Reads the messages of one datagram, one after the other (netlink(7)). What does not fit its own length ends the reading.</summary>
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public bool TryRead(out NetlinkMessage message)
    {
        message = default;
        if (_rest.Length < NetlinkWriter.HeaderSize)
            return false;
        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < NetlinkWriter.HeaderSize || length > _rest.Length)
            return false;
        message = new NetlinkMessage
        {
            Type = MemoryMarshal.Read<ushort>(_rest[4..]),
            Sequence = MemoryMarshal.Read<uint>(_rest[8..]),
            Body = _rest[NetlinkWriter.HeaderSize..(int)length],
        };
        _rest = _rest[Math.Min((int)(length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
