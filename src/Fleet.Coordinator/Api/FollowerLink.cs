using System.Net.WebSockets;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Api;

/// <summary>A node's link to a coordinator that follows: the node is told where the leader is, and nothing else.</summary>
internal static class FollowerLink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the node has taken the address, or its time is up.</summary>
    public static async Task SendOnAsync(WebSocket socket, LinkAddress leader, TimeProvider time, CancellationToken cancellation)
    {
        using var bound = new Deadline(time, Patience, cancellation);
        try
        {
            var redirect = Wire.Encode(new LeaderMessage.Redirect($"{leader}"));
            await socket.SendAsync(redirect, WebSocketMessageType.Text, endOfMessage: true, bound.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, bound.Token);
            // The node's hello is on its way. A connection closed with unread bytes is reset, and what was sent on it is lost.
            var unread = new byte[4096];
            while ((await socket.ReceiveAsync(unread.AsMemory(), bound.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The node comes again.
        }
    }
}
