using Fleet.Coordinator.Control;
using Fleet.Shared.Api;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Api;

/// <summary>Where nodes link to the leader: a WebSocket of JSON text messages, <see cref="Up"/> one way and <see cref="Down"/> the other.</summary>
public static class LinkEndpoint
{
    public static void MapLink(this IEndpointRouteBuilder routes) => routes.Map(Routes.Link, ServeAsync).ExcludeFromDescription();

    private static async Task ServeAsync(HttpContext context, NodeLinks links, Mailbox mailbox, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (!mailbox.IsLeading)
            throw new NotLeadingException();
        // Pings are left out: heartbeats come ten times a second, and a node that is stopped must not look alive.
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await links.ServeAsync(socket, $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}", stop.Token);
    }
}
