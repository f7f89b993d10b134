using System.Net.Sockets;
using System.Net.WebSockets;
using Fleet.Coordinator.Standbys;
using Fleet.Shared.Api;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Control;

/// <summary>Dials over plain TCP; see <see cref="LinkTransport.Ws"/>.</summary>
internal sealed class WsStandbyDialler : IStandbyDialler
{
    /// <inheritdoc/>
    public async Task<WebSocket> DialAsync(LinkAddress leader, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{leader.Endpoint}{Routes.Standby}"), cancellation);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (IsRefusal(e))
                throw new NobodyListensException(leader, e);
            throw;
        }
    }

    private static bool IsRefusal(Exception? e) =>
        e is SocketException { SocketErrorCode: SocketError.ConnectionRefused } || (e is not null && IsRefusal(e.InnerException));
}
