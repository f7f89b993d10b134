using Fleet.Coordinator.Control;
using Fleet.Http;
using Fleet.Shared.Api;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Fleet.Coordinator.Api;

/// <summary>
/// Where nodes link to the leader: a WebSocket of JSON text messages, <see cref="NodeMessage"/> one way and <see cref="LeaderMessage"/> the other. A
/// follower says where the leader is.
/// </summary>
internal static class LinkEndpoint
{
    public static void MapLink(this IEndpointRouteBuilder routes) => routes.Map(Routes.Link, ServeAsync).ExcludeFromDescription();

    private static async Task ServeAsync(
        HttpContext context, NodeLinks links, Mailbox mailbox, LeaderDirectory leaders, MonotonicClock clock, Candidacies candidacies)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // A node comes here as soon as its leader is gone, and the next one may lead within a moment: it is told then, and need not come again.
        var leader = await leaders.AwaitAsync(() => mailbox.IsTakingCommands, context.RequestAborted);
        if (leader is null && !mailbox.IsTakingCommands)
            throw new NotLeadingException();
        Unhurry(context);
        // Pings are left out: heartbeats come ten times a second, and a node that is stopped must not look alive.
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, candidacies.Parted);
        if (leader is null)
            await links.ServeAsync(socket, PeerOf(context), stop.Token);
        else
            await FollowerLink.SendOnAsync(socket, leader.Link ?? throw new NotLeadingException(), clock.Time, stop.Token);
    }

    /// <summary>A link has bounds of its own; a minimum rate in bytes would end a quiet link.</summary>
    internal static void Unhurry(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } up)
            up.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } down)
            down.MinDataRate = null;
    }

    /// <summary>Until its hello has come, the connection counts as one that still owes a whole request.</summary>
    internal static LinkPeer PeerOf(HttpContext context)
    {
        var remote = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
        if (context.Features.Get<Visit>() is not { } visit)
            return new LinkPeer(remote, PrincipalDoor.Of(context), _ => context.Abort(), () => { });
        visit.Wait();
        return new LinkPeer(remote, PrincipalDoor.Of(context), visit.Abort, visit.MarkAdmitted);
    }
}
