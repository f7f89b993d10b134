using System.Buffers.Binary;
using System.Text;
using Fleet.Shared.Gate;
using Fleet.Shared.Model;

namespace Fleet.Shared.Protocol;

/// <summary>The kind byte of a witness datagram.</summary>
public enum WitnessKind : byte
{
    /// <summary>"I hold a lease; do you hear me?"</summary>
    Probe = 1,

    /// <summary>"I do", with the probe's number.</summary>
    Vouch = 2,

    /// <summary>"My lease has run out; do you hear me, and have you told no leader since that you do not?"</summary>
    Revive = 3,
}

/// <summary>
/// What witnesses and the watched send each other in one UDP datagram: <c>"FLW1"</c>, kind (1 byte), number (8 bytes, big-endian), in a
/// <see cref="WitnessKind.Revive"/> the microseconds of <see cref="CoverMicros"/> (8 bytes, big-endian), and the sender's name (ASCII, by the rule of
/// names, to the end).
/// </summary>
/// <param name="CoverMicros">
/// Of a <see cref="WitnessKind.Revive"/>: for how long the sender's lease has been over, and its duration on top. What a witness told a leader within
/// that time counts.
/// </param>
public readonly record struct WitnessDatagram(WitnessKind Kind, NodeName From, long Seq, long CoverMicros = 0)
{
    public const int SizeMax = ReviveHead + 255;

    private const int Head = 13;
    private const int ReviveHead = Head + 8;

    private static ReadOnlySpan<byte> Magic => "FLW1"u8;

    /// <summary>Returns the bytes written; <paramref name="target"/> must hold <see cref="SizeMax"/>.</summary>
    public int Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        target[4] = (byte)Kind;
        BinaryPrimitives.WriteInt64BigEndian(target[5..], Seq);
        if (Kind == WitnessKind.Revive)
            BinaryPrimitives.WriteInt64BigEndian(target[Head..], CoverMicros);
        var head = HeadOf(Kind);
        return head + Encoding.UTF8.GetBytes(From.Value, target[head..]);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out WitnessDatagram datagram)
    {
        datagram = default;
        if (source.Length <= Head
            || !source[..4].SequenceEqual(Magic)
            || (WitnessKind)source[4] is not (WitnessKind.Probe or WitnessKind.Vouch or WitnessKind.Revive))
            return false;
        var kind = (WitnessKind)source[4];
        var head = HeadOf(kind);
        if (source.Length <= head || source.Length > head + 255)
            return false;
        var cover = kind == WitnessKind.Revive ? BinaryPrimitives.ReadInt64BigEndian(source[Head..]) : 0;
        var name = Encoding.UTF8.GetString(source[head..]);
        datagram = new WitnessDatagram(kind, new NodeName(name), BinaryPrimitives.ReadInt64BigEndian(source[5..]), cover);
        return cover >= 0 && Texts.Name.Has(name);
    }

    private static int HeadOf(WitnessKind kind) => kind == WitnessKind.Revive ? ReviveHead : Head;
}
