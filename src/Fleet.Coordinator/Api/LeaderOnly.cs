using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Dashboard;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Api;

/// <summary>
/// A coordinator that does not lead answers nothing about the fleet. It sends 307 to the same path of the leader that the store names, or 503 with a
/// problem document when no leader is known. Neither has changed anything. Requests about this process itself (health, metrics) and the nodes' link
/// are not sent on here.
/// </summary>
internal sealed class LeaderOnly(RequestDelegate next, Mailbox mailbox, LeaderDirectory leaders)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (!mailbox.IsLeading && IsOfTheFleet(context.Request.Path) && await leaders.FindAsync(context.RequestAborted) is { Api: { } api })
                Send(context, api);
            else
                await next(context);
        }
        catch (NotLeadingException e) when (!context.Response.HasStarted)
        {
            await Problems.Problem(RefusalKind.Unavailable, e.Message).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
    }

    /// <summary>Includes the dashboard: served from here, its page could not read the leader's API, which is another origin.</summary>
    private static bool IsOfTheFleet(PathString path) => path == DashboardPage.Path || (path.StartsWithSegments(Routes.Root) && path != Routes.Link);

    private static void Send(HttpContext context, string api)
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"{api}{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";
    }
}
