using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Fleet.Shared.Dns;

/// <summary>A domain name in canonical form: uncompressed wire octets, A-Z as a-z. Equal names have equal octets (RFC 4343).</summary>
public sealed class DnsName : IEquatable<DnsName>
{
    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The root: one empty label.</summary>
    public static DnsName Root { get; } = new([0]);

    /// <summary>Labels with their length octets, root label last.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Octets on the wire, root label included: 1 to 255.</summary>
    public int Length => _wire.Length;

    /// <summary>The name without its first label, or null for the root.</summary>
    public DnsName? Parent => _wire.Length == 1 ? null : new DnsName(_wire[(_wire[0] + 1)..]);

    /// <summary>Takes over a name in wire form, in any case. False if it is not exactly one uncompressed name.</summary>
    public static bool TryFromWire(ReadOnlySpan<byte> wire, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (!DnsNameWire.TryMeasurePlain(wire, 0, out var length) || length != wire.Length)
            return false;
        var canonical = new byte[length];
        DnsNameWire.ToCanonical(wire, canonical);
        name = new DnsName(canonical);
        return true;
    }

    /// <summary>
    /// Reads the text form, with or without the final dot; <c>\.</c>, <c>\\</c> and <c>\DDD</c> stand for single octets (RFC 1035 5.1).
    /// False for empty labels, labels over 63 octets, names over 255, and characters outside ASCII.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (string.IsNullOrEmpty(text))
            return false;
        if (text == ".")
        {
            name = Root;
            return true;
        }

        Span<byte> wire = stackalloc byte[DnsNameWire.LengthMax];
        var labelAt = 0;
        var at = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                if (!CloseLabel(wire, labelAt, at))
                    return false;
                labelAt = at++;
            }
            else if (at >= wire.Length - 1 || !TryReadOctet(text, ref i, out wire[at++]))
            {
                return false;
            }
        }

        if (at - 1 > labelAt)
        {
            if (!CloseLabel(wire, labelAt, at))
                return false;
            labelAt = at++;
        }

        wire[labelAt] = 0;
        return TryFromWire(wire[..at], out name);
    }

    /// <summary>Reads the text form of a name that the program itself made.</summary>
    /// <exception cref="FormatException">The text is not a domain name.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a domain name");

    /// <summary>This name in front of <paramref name="parent"/>: <c>s3</c> under <c>fleet.test</c>. False if the result is over 255 octets.</summary>
    public bool TryUnder(DnsName parent, [NotNullWhen(true)] out DnsName? name) =>
        TryFromWire([.. _wire.AsSpan(0, _wire.Length - 1), .. parent._wire], out name);

    /// <summary>Whether this name is <paramref name="zone"/> or lies below it.</summary>
    public bool IsWithin(DnsName zone) => DnsNameWire.IsWithin(_wire, zone._wire, out _);

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && Wire.SequenceEqual(other.Wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode() => DnsNameComparer.Instance.GetHashCode(Wire);

    /// <summary>The text form without the final dot; the root is a dot.</summary>
    public override string ToString()
    {
        if (_wire.Length == 1)
            return ".";
        var text = new StringBuilder(_wire.Length);
        for (var at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            if (at > 0)
                text.Append('.');
            foreach (var octet in _wire.AsSpan(at + 1, _wire[at]))
                AppendOctet(text, octet);
        }

        return text.ToString();
    }

    private static void AppendOctet(StringBuilder text, byte octet)
    {
        if (octet is (byte)'.' or (byte)'\\')
            text.Append('\\').Append((char)octet);
        else if (octet is > 0x20 and < 0x7F)
            text.Append((char)octet);
        else
            text.Append('\\').Append(octet.ToString("D3"));
    }

    private static bool CloseLabel(Span<byte> wire, int labelAt, int at)
    {
        var label = at - labelAt - 1;
        wire[labelAt] = (byte)label;
        return label is > 0 and <= DnsNameWire.LabelMax && at < wire.Length;
    }

    private static bool TryReadOctet(string text, ref int i, out byte octet)
    {
        octet = (byte)text[i];
        if (text[i] != '\\')
            return char.IsAscii(text[i]);
        if (++i >= text.Length)
            return false;
        octet = (byte)text[i];
        if (!char.IsAsciiDigit(text[i]))
            return char.IsAscii(text[i]);
        if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i, 3), System.Globalization.NumberStyles.None, null, out octet))
            return false;
        i += 2;
        return true;
    }
}
