namespace Fleet.Shared.Dns;

/// <summary>Reads names from messages. Nothing here allocates, throws on wire input, or takes more than 255 steps.</summary>
public static class DnsNameWire
{
    /// <summary>Octets of the longest name, root label included (RFC 1035 2.3.4).</summary>
    public const int LengthMax = 255;

    /// <summary>Octets of the longest label (RFC 1035 2.3.4).</summary>
    public const int LabelMax = 63;

    private const int PointerBits = 0xC0;

    /// <summary>
    /// Measures the uncompressed name at <paramref name="offset"/>: its octets, root label included.
    /// False if it is cut off, too long, or holds a compression pointer. The question of a query is read this way:
    /// nothing before it could be the target of a pointer.
    /// </summary>
    public static bool TryMeasurePlain(ReadOnlySpan<byte> message, int offset, out int length)
    {
        length = 0;
        for (var at = offset; (uint)at < (uint)message.Length;)
        {
            int label = message[at];
            if (label > LabelMax)
                return false;
            at += label + 1;
            if (at - offset > LengthMax)
                return false;
            if (label == 0)
            {
                length = at - offset;
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Copies the name at <paramref name="offset"/>, following compression pointers (RFC 1035 4.1.4), in its original case.
    /// Every pointer must lead to a place before the run of labels that it ends, so that no loop is possible.
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name starts.</param>
    /// <param name="name">Takes the name in wire form; <see cref="LengthMax"/> octets always suffice.</param>
    /// <param name="length">Octets written, root label included.</param>
    /// <param name="next">The offset behind the name in the message.</param>
    /// <returns>False if the name is cut off, too long, loops, or does not fit.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, int offset, Span<byte> name, out int length, out int next)
    {
        length = 0;
        next = 0;
        var runStart = offset;
        var at = offset;
        while ((uint)at < (uint)message.Length)
        {
            int label = message[at];
            if (label <= LabelMax)
            {
                var octets = label + 1;
                if (octets > message.Length - at || length + octets > Math.Min(LengthMax, name.Length))
                    return false;
                message.Slice(at, octets).CopyTo(name[length..]);
                length += octets;
                at += octets;
                if (label != 0)
                    continue;
                if (next == 0)
                    next = at;
                return true;
            }

            if ((label & PointerBits) != PointerBits || at + 1 >= message.Length)
                return false;
            if (next == 0)
                next = at + 2;
            at = ((label & ~PointerBits) << 8) | message[at + 1];
            if (at >= runStart)
                return false;
            runStart = at;
        }

        return false;
    }

    /// <summary>
    /// The offset behind the name at <paramref name="offset"/>, without following pointers. False if it is cut off or malformed.
    /// </summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, int offset, out int next)
    {
        next = 0;
        for (var at = offset; (uint)at < (uint)message.Length && at - offset < LengthMax;)
        {
            int label = message[at];
            if ((label & PointerBits) == PointerBits)
            {
                next = at + 2;
                return next <= message.Length;
            }

            if (label > LabelMax)
                return false;
            at += label + 1;
            if (label == 0)
            {
                next = at;
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Copies <paramref name="name"/> with A-Z as a-z: the form in which names are compared (RFC 4343 3).
    /// Length octets are at most 63 and so never look like letters.
    /// </summary>
    public static void ToCanonical(ReadOnlySpan<byte> name, Span<byte> canonical)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var octet = name[i];
            canonical[i] = (uint)(octet - 'A') <= 'Z' - 'A' ? (byte)(octet | 0x20) : octet;
        }
    }

    /// <summary>
    /// Whether canonical <paramref name="name"/> is <paramref name="zone"/> or lies below it, at a label boundary;
    /// <paramref name="prefixLength"/> is then the octets of the labels in front of the zone.
    /// </summary>
    public static bool IsWithin(ReadOnlySpan<byte> name, ReadOnlySpan<byte> zone, out int prefixLength)
    {
        prefixLength = name.Length - zone.Length;
        if (prefixLength < 0 || !name[prefixLength..].SequenceEqual(zone))
            return false;
        var at = 0;
        while (at < prefixLength)
            at += name[at] + 1;
        return at == prefixLength;
    }
}
