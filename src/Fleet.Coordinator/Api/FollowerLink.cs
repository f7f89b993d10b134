using System.Net.WebSockets;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Api;

/// <summary>The link of a node to a coordinator that follows: it is told where the leader is, and nothing else.</summary>
internal static class FollowerLink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the node has taken it, or had its time.</summary>
    public static async Task SendOnAsync(WebSocket socket, LinkAddress leader, TimeProvider time, CancellationToken cancellation)
    {
        using var bound = new Deadline(time, Patience, cancellation);
        try
        {
            var redirect = Wire.Encode(new LeaderMessage.Redirect($"{leader}"));
            await socket.SendAsync(redirect, WebSocketMessageType.Text, endOfMessage: true, bound.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, bound.Token);
            // Its hello is on its way: a connection that is closed with bytes unread is reset, and what was sent with it is lost.
            var unread = new byte[4096];
            while ((await socket.ReceiveAsync(unread.AsMemory(), bound.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // It comes again.
        }
    }
}
