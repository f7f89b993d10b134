using System.Buffers;
using System.Net.WebSockets;

namespace Fleet.Shared.Shell;

/// <summary>
/// Reads whole messages off a WebSocket. A large message gets a buffer that grows with what has come of it, and that is let go of with the next
/// message.
/// </summary>
/// <param name="messageMax">Bytes of one message.</param>
/// <param name="holds">Called with the number of bytes held beyond the small buffer that every reader has, whenever it changes.</param>
public sealed class WebSocketMessages(WebSocket socket, int messageMax = WebSocketMessages.SizeMax, Action<int>? holds = null)
{
    /// <summary>A full map of 50,000 VIPs is about 15 MB.</summary>
    public const int SizeMax = 64 * 1024 * 1024;

    /// <summary>An acknowledgement, and a heartbeat with nothing new, are shorter.</summary>
    private const int Small = 1024;

    /// <summary>Larger buffers are rare, and a pool would keep them.</summary>
    private const int PooledMax = 1024 * 1024;

    private readonly byte[] _small = new byte[Small];
    private byte[]? _large;

    /// <summary>From the next message on.</summary>
    public int MessageMax { get; set; } = messageMax;

    /// <summary>The last message ended the conversation, because it was larger than allowed.</summary>
    public bool WasTooLarge { get; private set; }

    /// <summary>The next message, valid until the next call; null when the peer has closed, or sent more than <see cref="MessageMax"/>.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        Shrink();
        var buffer = _small;
        var length = 0;
        while (true)
        {
            // One byte more than allowed tells a message that is too large from one that just fits.
            var capacity = Math.Min(buffer.Length, MessageMax + 1);
            if (length == capacity)
            {
                if (length > MessageMax)
                {
                    WasTooLarge = true;
                    return null;
                }

                buffer = Grow(buffer, length);
                continue;
            }

            var part = await socket.ReceiveAsync(buffer.AsMemory(length, capacity - length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage && length <= MessageMax)
                return buffer.AsMemory(0, length);
        }
    }

    private byte[] Grow(byte[] buffer, int length)
    {
        var size = Math.Min(2L * length, MessageMax + 1L);
        var next = size <= PooledMax ? ArrayPool<byte>.Shared.Rent((int)size) : new byte[size];
        buffer.AsSpan(0, length).CopyTo(next);
        Release();
        _large = next;
        holds?.Invoke(next.Length);
        return next;
    }

    private void Shrink()
    {
        if (_large is null)
            return;
        Release();
        _large = null;
        holds?.Invoke(0);
    }

    private void Release()
    {
        if (_large is { Length: <= PooledMax })
            ArrayPool<byte>.Shared.Return(_large);
    }
}
