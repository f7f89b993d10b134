using System.Net.WebSockets;

namespace Fleet.Shared.Shell;

/// <summary>Reads whole messages off a WebSocket, into one buffer that grows to the largest seen.</summary>
public sealed class WebSocketMessages(WebSocket socket)
{
    /// <summary>A full map of 50,000 VIPs is about 15 MB.</summary>
    public const int SizeMax = 64 * 1024 * 1024;

    private byte[] buffer = new byte[16 * 1024];

    /// <summary>The next message, valid until the next call; null when the peer has closed, or sent more than <see cref="SizeMax"/>.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= SizeMax)
                    return null;
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage)
                return buffer.AsMemory(0, length);
        }
    }
}
