using System.Net.WebSockets;
using Fleet.Shared.Api;

namespace Fleet.Node.Control;

/// <summary>Makes the connections of a node's link.</summary>
public interface IDialler
{
    /// <summary>A WebSocket to the coordinator at <paramref name="address"/> (host:port), connected; it belongs to the caller.</summary>
    /// <exception cref="WebSocketException">Nobody answers there, or not as a coordinator does.</exception>
    Task<WebSocket> DialAsync(string address, CancellationToken cancellation);
}

/// <summary>Over the network.</summary>
public sealed class WebSocketDialler : IDialler
{
    /// <inheritdoc/>
    public async Task<WebSocket> DialAsync(string address, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{address}{Routes.Link}"), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
