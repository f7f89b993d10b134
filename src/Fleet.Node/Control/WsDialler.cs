using System.Net;
using System.Net.WebSockets;
using Fleet.Shared.Api;

namespace Fleet.Node.Control;

/// <summary>Dials over plain TCP; see <see cref="Fleet.Shared.Protocol.LinkTransport.Ws"/>.</summary>
internal sealed class WsDialler : IDialler
{
    /// <inheritdoc/>
    public async Task<WebSocket> DialAsync(IPEndPoint coordinator, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{coordinator}{Routes.Link}"), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
