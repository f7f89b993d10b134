using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Shared.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>The read model in PostgreSQL: how far it is, and the order to make it anew. Only the leader writes it.</summary>
internal static class ProjectionEndpoints
{
    private static readonly ProjectionView Off = new(false, 0, 0, 0, null, null);

    public static void MapProjection(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Projection, LookAsync).WithSummary("The read model in PostgreSQL, and how far it is");
        routes.MapPost(Routes.Rebuild, RebuildAsync).WithSummary("Make the read model anew from the journal, beside the old one");
    }

    private static async Task<ProjectionView> LookAsync(
        Mailbox mailbox, ProjectionStatus status, RebuildRequests requests, RecentEvents events, TimeProvider time, CancellationToken cancellation)
    {
        if (!status.IsOn)
            return Off;
        var newest = await mailbox.LookAsync(leader => leader.State.Map.Version.Revision, cancellation);
        var lag = status.Lag(newest, events, time.GetUtcNow()).TotalSeconds;
        return new ProjectionView(true, status.Revision, newest, Math.Round(lag, 1), status.Error, requests.Last);
    }

    private static async Task<Results<Ok<ProjectionView>, ProblemHttpResult>> RebuildAsync(
        Mailbox mailbox,
        ProjectionStatus status,
        RebuildRequests requests,
        RecentEvents events,
        TimeProvider time,
        HttpContext context,
        CancellationToken cancellation)
    {
        if (!status.IsOn)
            return Problems.Problem(
                RefusalKind.Conflict, "This fleet keeps no read model: its coordinators have no fleet.coordinator.projection.connection.");
        if (!mailbox.IsTakingCommands)
            throw new NotLeadingException();
        requests.Ask(PrincipalDoor.Of(context).ToString(), time.GetUtcNow());
        return TypedResults.Ok(await LookAsync(mailbox, status, requests, events, time, cancellation));
    }
}
