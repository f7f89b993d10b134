using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>The coordinators themselves: who they are, the hand-over from one to another, and the link of a standby.</summary>
internal static class CoordinatorEndpoints
{
    public static void MapCoordinators(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Coordinators, ListAsync).WithSummary("The coordinators, and how far each has followed");
        routes.MapPost(Routes.Transfer, TransferAsync).WithSummary("Hand the leadership over to another coordinator");
        routes.Map(Routes.Standby, ServeAsync).ExcludeFromDescription();
    }

    private static async Task<ImmutableArray<CoordinatorView>> ListAsync(
        Reading fleet, StandbyLinks standbys, CoordinatorIdentity identity, MonotonicClock clock, CancellationToken cancellation)
    {
        var seen = await fleet.SeeAsync(leader => leader.State.Map.Version, cancellation);
        return List(identity, seen.What, seen.IsObserved, standbys.Present, clock.Now);
    }

    /// <summary>This coordinator first, and then its standbys by name.</summary>
    internal static ImmutableArray<CoordinatorView> List(
        CoordinatorIdentity identity, MapVersion own, bool leads, IEnumerable<StandbySeen> standbys, Instant now) =>
        [
            new(identity.Name, leads ? CoordinatorView.Leading : CoordinatorView.StandingBy, own.Term, own.Revision, 0, null, identity.Address.Api),
            .. standbys.Select(s => new CoordinatorView(
                s.Address.Name,
                CoordinatorView.StandingBy,
                own.Term,
                s.Revision,
                Math.Max(0, own.Revision - s.Revision),
                Math.Round((now - s.Heard).TotalMilliseconds, 1),
                s.Address.Api)),
        ];

    private static async Task<Results<Ok<CommandView>, ProblemHttpResult>> TransferAsync(
        Candidacies candidacies, HttpContext context, CancellationToken cancellation, string? to = null) =>
        await candidacies.HandOverAsync(to, PrincipalDoor.Of(context), cancellation) switch
        {
            HandOver.Done done => TypedResults.Ok(new CommandView(done.Version, true, $"{done.To} leads.")),
            HandOver.Refused refused => Problems.Problem(RefusalKind.Conflict, refused.Reason),
            HandOver.Unheard unheard => Problems.Problem(
                RefusalKind.OutcomeUnknown, $"This coordinator leads no more, and {unheard.To} has not said yet that it does: pbm cluster show."),
            _ => Problems.Problem(RefusalKind.Unavailable, "Nothing came of it."),
        };

    /// <summary>A coordinator that does not lead takes the link as well, and is silent until it does.</summary>
    private static async Task ServeAsync(HttpContext context, StandbyLinks standbys, Candidacies candidacies)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        LinkEndpoint.Unhurry(context);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, candidacies.Parted);
        await standbys.ServeAsync(socket, LinkEndpoint.PeerOf(context).MarkAdmitted, stop.Token);
    }
}
