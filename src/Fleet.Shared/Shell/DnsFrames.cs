using System.Buffers.Binary;

namespace Fleet.Shared.Shell;

/// <summary>
/// DNS messages on a stream: two octets of length, then the message (RFC 1035 4.2.2). Both are written at once, so that they leave in one segment
/// (RFC 7766 8).
/// </summary>
public static class DnsFrames
{
    private const int LengthSize = 2;

    /// <summary>Sends one message of at most 65,535 octets.</summary>
    public static async Task SendAsync(Stream stream, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var framed = new byte[LengthSize + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)message.Length));
        message.CopyTo(framed.AsMemory(LengthSize));
        await stream.WriteAsync(framed, cancellation);
    }

    /// <summary>Receives one message.</summary>
    /// <exception cref="EndOfStreamException">The other side closed before the end of the message.</exception>
    public static async Task<byte[]> ReceiveAsync(Stream stream, CancellationToken cancellation)
    {
        var length = new byte[LengthSize];
        await stream.ReadExactlyAsync(length, cancellation);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellation);
        return message;
    }
}
