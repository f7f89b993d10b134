namespace Fleet.Shared.Dns.Security;

/// <summary>What DNSSEC requires of names, for names in canonical form: uncompressed, A-Z as a-z (RFC 4034 6.2).</summary>
public static class CanonicalName
{
    private const int LabelsMax = 128;

    /// <summary>
    /// The canonical order (RFC 4034 6.1): names are compared label by label from the right, each label as octets, and what is missing comes first.
    /// Negative, zero or positive.
    /// </summary>
    public static int Compare(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<int> firstLabels = stackalloc int[LabelsMax];
        Span<int> secondLabels = stackalloc int[LabelsMax];
        var firstCount = Labels(first, firstLabels);
        var secondCount = Labels(second, secondLabels);
        for (var i = 1; i <= firstCount && i <= secondCount; i++)
        {
            var at = firstLabels[firstCount - i];
            var other = secondLabels[secondCount - i];
            var order = first.Slice(at + 1, first[at]).SequenceCompareTo(second.Slice(other + 1, second[other]));
            if (order != 0)
                return order;
        }

        return firstCount - secondCount;
    }

    /// <summary>How many labels a name has, the root's not counted: the Labels field of RRSIG (RFC 4034 3.1.3).</summary>
    public static byte LabelCount(ReadOnlySpan<byte> name)
    {
        byte count = 0;
        for (var at = 0; name[at] != 0; at += name[at] + 1)
            count++;
        return count;
    }

    /// <summary>
    /// Writes the name that comes next after <paramref name="name"/> in the canonical order of <paramref name="zone"/>, and returns its octets. The
    /// name must lie in the zone. The next name has <c>\000.</c> in front (RFC 9824 3.1). Where that would be too long, it is the next sibling (RFC
    /// 4471 3.1.2), and after the last one the apex.
    /// </summary>
    /// <param name="name">Canonical.</param>
    /// <param name="zone">Canonical.</param>
    /// <param name="next">At least <see cref="DnsNameWire.LengthMax"/> octets.</param>
    public static int Successor(ReadOnlySpan<byte> name, ReadOnlySpan<byte> zone, Span<byte> next)
    {
        if (name.Length + 2 <= DnsNameWire.LengthMax)
        {
            next[0] = 1;
            next[1] = 0;
            name.CopyTo(next[2..]);
            return name.Length + 2;
        }

        while (name.Length > zone.Length)
        {
            var label = name.Slice(1, name[0]);
            var parent = name[(1 + label.Length)..];
            if (label.Length < DnsNameWire.LabelMax && name.Length < DnsNameWire.LengthMax)
                return Join(label, 0, parent, next);
            if (label.TrimEnd((byte)0xFF) is { Length: > 0 } rest)
                return Join(rest[..^1], After(rest[^1]), parent, next);
            name = parent;
        }

        zone.CopyTo(next);
        return zone.Length;
    }

    /// <summary>The next octet; capital letters do not occur in canonical names.</summary>
    private static byte After(byte octet) => octet == 'A' - 1 ? (byte)('Z' + 1) : (byte)(octet + 1);

    private static int Join(ReadOnlySpan<byte> label, byte last, ReadOnlySpan<byte> parent, Span<byte> next)
    {
        next[0] = (byte)(label.Length + 1);
        label.CopyTo(next[1..]);
        next[1 + label.Length] = last;
        parent.CopyTo(next[(2 + label.Length)..]);
        return 2 + label.Length + parent.Length;
    }

    private static int Labels(ReadOnlySpan<byte> name, Span<int> labels)
    {
        var count = 0;
        for (var at = 0; name[at] != 0; at += name[at] + 1)
            labels[count++] = at;
        return count;
    }
}
