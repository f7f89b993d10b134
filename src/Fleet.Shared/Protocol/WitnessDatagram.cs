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

    /// <summary>"You addressed another run of me, or none: this is the one that runs. Ask again." It does not say that anything was heard.</summary>
    Introduce = 4,
}

/// <summary>
/// What witnesses and the nodes they watch send each other in one UDP datagram, numbers big-endian: <c>"FLW2"</c>, kind (1 byte), number (8), <see
/// cref="CoverMicros"/> (8), <see cref="Origin"/> (8), <see cref="Run"/> (8), <see cref="ToRun"/> (8), the sender's name (ASCII, by the rule of
/// names), and a MAC over all of that (16, see <see cref="IDatagramSeal"/>).
/// </summary>
/// <param name="CoverMicros">
/// In a <see cref="WitnessKind.Revive"/>: how long the sender's lease has been over, plus the lease's duration. What a witness told a leader within
/// that time counts. In others 0.
/// </param>
public readonly record struct WitnessDatagram(WitnessKind Kind, NodeName From, long Seq, long CoverMicros = 0)
{
    public const int MacSize = 16;
    public const int SizeMax = Head + 255 + MacSize;

    private const int Head = 45;

    /// <summary>
    /// A hash of the fleet's name and of the sender's host. Datagrams from another fleet on the same network, or from a host that had the name
    /// before, count for nothing.
    /// </summary>
    public ulong Origin { get; init; }

    /// <summary>The run of the sender.</summary>
    public Incarnation Run { get; init; }

    /// <summary>The run of the addressee that this is meant for; <see cref="Incarnation.None"/> when the sender does not know it.</summary>
    public Incarnation ToRun { get; init; }

    private static ReadOnlySpan<byte> Magic => "FLW2"u8;

    /// <summary>Returns the bytes written; <paramref name="target"/> must hold <see cref="SizeMax"/>.</summary>
    public int Write(Span<byte> target, IDatagramSeal seal)
    {
        Magic.CopyTo(target);
        target[4] = (byte)Kind;
        BinaryPrimitives.WriteInt64BigEndian(target[5..], Seq);
        BinaryPrimitives.WriteInt64BigEndian(target[13..], CoverMicros);
        BinaryPrimitives.WriteUInt64BigEndian(target[21..], Origin);
        BinaryPrimitives.WriteInt64BigEndian(target[29..], Run.Value);
        BinaryPrimitives.WriteInt64BigEndian(target[37..], ToRun.Value);
        var length = Head + Encoding.UTF8.GetBytes(From.Value, target[Head..]);
        seal.Seal(target[..length], target.Slice(length, MacSize));
        return length + MacSize;
    }

    public static bool TryRead(ReadOnlySpan<byte> source, IDatagramSeal seal, out WitnessDatagram datagram)
    {
        datagram = default;
        if (source.Length is <= Head + MacSize or > SizeMax || !source[..4].SequenceEqual(Magic) || !Enum.IsDefined((WitnessKind)source[4]))
            return false;
        var content = source[..^MacSize];
        if (!seal.IsSound(content, source[^MacSize..]))
            return false;
        var name = Encoding.UTF8.GetString(content[Head..]);
        var (seq, cover) = (BinaryPrimitives.ReadInt64BigEndian(content[5..]), BinaryPrimitives.ReadInt64BigEndian(content[13..]));
        datagram = new WitnessDatagram((WitnessKind)content[4], new NodeName(name), seq, cover)
        {
            Origin = BinaryPrimitives.ReadUInt64BigEndian(content[21..]),
            Run = new Incarnation(BinaryPrimitives.ReadInt64BigEndian(content[29..])),
            ToRun = new Incarnation(BinaryPrimitives.ReadInt64BigEndian(content[37..])),
        };
        return datagram.CoverMicros >= 0 && datagram.Run > Incarnation.None && datagram.ToRun >= Incarnation.None && Texts.Name.Has(name);
    }
}
