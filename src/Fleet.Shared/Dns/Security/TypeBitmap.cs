namespace Fleet.Shared.Dns.Security;

/// <summary>The types of a name as NSEC lists them: windows of 256 types, each a bitmap without zero octets at its end (RFC 4034 4.1.2).</summary>
public static class TypeBitmap
{
    private const int WindowSize = 32;

    /// <summary>Octets that suffice for any <paramref name="types"/> types.</summary>
    public static int SizeMax(int types) => types * (2 + WindowSize);

    /// <summary>Writes the bitmap and returns its octets; <paramref name="types"/> must ascend.</summary>
    public static int Write(ReadOnlySpan<DnsType> types, Span<byte> bitmap)
    {
        var at = 0;
        while (types.Length > 0)
        {
            var window = (int)types[0] >> 8;
            var bits = bitmap.Slice(at + 2, WindowSize);
            bits.Clear();
            var used = 0;
            var last = 0;
            for (; used < types.Length && (int)types[used] >> 8 == window; used++)
            {
                last = (int)types[used] & 0xFF;
                bits[last >> 3] |= (byte)(0x80 >> (last & 7));
            }

            bitmap[at] = (byte)window;
            bitmap[at + 1] = (byte)((last >> 3) + 1);
            at += 2 + bitmap[at + 1];
            types = types[used..];
        }

        return at;
    }
}
