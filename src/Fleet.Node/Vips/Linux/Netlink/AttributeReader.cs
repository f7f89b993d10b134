using System.Runtime.InteropServices;

namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>Reads attributes one after the other (netlink(7)). What does not fit its own length ends the reading.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    private const ushort TypeMask = 0x3FFF;
    private ReadOnlySpan<byte> _rest = attributes;

    public bool TryRead(out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.Length < 4)
            return false;
        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
            return false;
        type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        value = _rest[4..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The attribute of that type; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        var reader = new AttributeReader(attributes);
        while (reader.TryRead(out var found, out var value))
            if (found == type)
                return value;
        return default;
    }
}
