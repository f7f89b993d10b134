using System.Buffers.Binary;
using System.Text;
using Fleet.Shared.Model;

namespace Fleet.Shared.Protocol;

/// <summary>The kind byte of a watch datagram.</summary>
public enum WatchKind : byte
{
    /// <summary>"Do you hear me?"</summary>
    Probe = 1,

    /// <summary>"I do", with the probe's number.</summary>
    Vouch = 2,
}

/// <summary>
/// What watchers and the watched send each other in one UDP datagram: <c>"FLW1"</c>, kind (1 byte), number (8 bytes, big-endian), and the sender's name
/// (UTF-8, 1 to 255 bytes, to the end).
/// </summary>
public readonly record struct WatchDatagram(WatchKind Kind, NodeName From, long Seq)
{
    public const int SizeMax = 13 + 255;

    private static ReadOnlySpan<byte> Magic => "FLW1"u8;

    /// <summary>Returns the bytes written; <paramref name="target"/> must hold <see cref="SizeMax"/>.</summary>
    public int Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        target[4] = (byte)Kind;
        BinaryPrimitives.WriteInt64BigEndian(target[5..], Seq);
        return 13 + Encoding.UTF8.GetBytes(From.Value, target[13..]);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out WatchDatagram datagram)
    {
        datagram = default;
        if (source.Length is < 14 or > SizeMax || !source[..4].SequenceEqual(Magic) || source[4] is not ((byte)WatchKind.Probe or (byte)WatchKind.Vouch))
            return false;
        datagram = new WatchDatagram((WatchKind)source[4], new NodeName(Encoding.UTF8.GetString(source[13..])), BinaryPrimitives.ReadInt64BigEndian(source[5..]));
        return true;
    }
}
