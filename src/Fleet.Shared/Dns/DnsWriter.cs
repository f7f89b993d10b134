using System.Buffers.Binary;

namespace Fleet.Shared.Dns;

/// <summary>
/// Writes a message front to back within bounds. What does not fit is not written and sets <see cref="Overflowed"/>;
/// from then on nothing is written until <see cref="Rewind"/>. Check once, after the part that must go in whole.
/// </summary>
public ref struct DnsWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Writes from the start of <paramref name="buffer"/>; its length is the limit.</summary>
    public DnsWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Octets written so far.</summary>
    public int Position { get; private set; }

    /// <summary>Whether something did not fit since the last <see cref="Rewind"/>.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Octets still free.</summary>
    public readonly int Free => _buffer.Length - Position;

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Position];

    /// <summary>Records that something does not fit, however much room there is.</summary>
    public void GiveUp() => Overflowed = true;

    /// <summary>Forgets what was written behind <paramref name="position"/>, and the overflow.</summary>
    public void Rewind(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        Position = position;
        Overflowed = false;
    }

    /// <summary>Leaves room for what is written last.</summary>
    public void Skip(int octets) => Claim(octets, out _);

    /// <summary>One octet.</summary>
    public void WriteByte(byte value)
    {
        if (Claim(1, out var place))
            place[0] = value;
    }

    /// <summary>Two octets, most significant first.</summary>
    public void WriteUInt16(ushort value)
    {
        if (Claim(2, out var place))
            BinaryPrimitives.WriteUInt16BigEndian(place, value);
    }

    /// <summary>Four octets, most significant first.</summary>
    public void WriteUInt32(uint value)
    {
        if (Claim(4, out var place))
            BinaryPrimitives.WriteUInt32BigEndian(place, value);
    }

    /// <summary>Octets as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (Claim(bytes.Length, out var place))
            bytes.CopyTo(place);
    }

    /// <summary>A compression pointer to <paramref name="offset"/>, which must be below 16,384 (RFC 1035 4.1.4).</summary>
    public void WritePointer(int offset) => WriteUInt16((ushort)(0xC000 | offset));

    /// <summary>The fields between owner name and data: type, class IN, TTL in seconds, octets of data.</summary>
    public void WriteRecordFields(DnsType type, uint ttl, int dataLength)
    {
        WriteUInt16((ushort)type);
        WriteUInt16((ushort)DnsClass.In);
        WriteUInt32(ttl);
        WriteUInt16((ushort)dataLength);
    }

    private bool Claim(int octets, out Span<byte> place)
    {
        if (Overflowed || octets > Free)
        {
            Overflowed = true;
            place = default;
            return false;
        }

        place = _buffer.Slice(Position, octets);
        Position += octets;
        return true;
    }
}
