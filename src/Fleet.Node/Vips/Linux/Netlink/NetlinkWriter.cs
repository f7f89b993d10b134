using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>
/// Writes netlink messages one after the other, as netlink(7) and rtnetlink(7) lay them out: headers and lengths in the host's byte order, everything
/// on a boundary of 4 octets. Numbers inside attributes are in the order that the family asks for. One writer is used again and again.
/// </summary>
internal sealed class NetlinkWriter
{
    /// <summary>struct nlmsghdr: length, type, flags, sequence number, port.</summary>
    public const int HeaderSize = 16;

    private const ushort Nested = 0x8000;
    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _message;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>The number of the last message: each has its own, for as long as the writer lives.</summary>
    public uint Sequence { get; private set; }

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    public void Clear() => (_length, Count) = (0, 0);

    /// <summary>Begins a message; what is written until <see cref="End"/> belongs to it.</summary>
    public void Begin(ushort type, ushort flags)
    {
        _message = _length;
        var header = Take(HeaderSize);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        MemoryMarshal.Write(header[8..], ++Sequence);
        Count++;
    }

    public void End() => MemoryMarshal.Write(_bytes.AsSpan(_message), (uint)(_length - _message));

    /// <summary>Octets of a fixed structure, in the message or in an attribute.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        Align();
    }

    public void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var at = Open(type, 0);
        Bytes(value);
        MemoryMarshal.Write(_bytes.AsSpan(at), (ushort)(4 + value.Length));
    }

    /// <summary>A number in the host's byte order.</summary>
    public void Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>A number in the network's byte order, as nf_tables asks for.</summary>
    public void AttributeBigEndian(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>A name, with the zero that ends it.</summary>
    public void Attribute(ushort type, string name)
    {
        Span<byte> bytes = stackalloc byte[name.Length + 1];
        for (var i = 0; i < name.Length; i++)
            bytes[i] = (byte)name[i];
        bytes[^1] = 0;
        Attribute(type, bytes);
    }

    /// <summary>Opens an attribute that holds others; what is returned is given to <see cref="Close"/>.</summary>
    public int Open(ushort type) => Open(type, Nested);

    /// <exception cref="InvalidOperationException">It is longer than the 16 bits of its length can say.</exception>
    public void Close(int attribute)
    {
        var length = _length - attribute;
        if (length > ushort.MaxValue)
            throw new InvalidOperationException($"a netlink attribute of {length} octets");
        MemoryMarshal.Write(_bytes.AsSpan(attribute), (ushort)length);
    }

    private int Open(ushort type, ushort flag)
    {
        var at = _length;
        MemoryMarshal.Write(Take(4)[2..], (ushort)(type | flag));
        return at;
    }

    private void Align() => Take(-_length & 3);

    /// <summary>So many octets more, all of them zero.</summary>
    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        var taken = _bytes.AsSpan(_length, count);
        taken.Clear();
        _length += count;
        return taken;
    }
}
