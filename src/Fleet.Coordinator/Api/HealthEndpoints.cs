using Fleet.Coordinator.Control;
using Fleet.Coordinator.Publishers;
using Fleet.Shared.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>What machines ask for: whether this process is well, whether it leads, and its figures.</summary>
internal static class HealthEndpoints
{
    public const string Path = "/healthz";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (Mailbox mail) => TypedResults.Ok(new Health(mail.IsLeading ? "leader" : "standby"))).WithSummary("Is this process well");
        routes.MapGet("/metrics", MetricsAsync).ExcludeFromDescription();
    }

    private static async Task<ContentHttpResult> MetricsAsync(
        Mailbox mail,
        FleetReader reader,
        LeaderDirectory leaders,
        CoordinatorIdentity identity,
        PublisherSet publishers,
        ProjectionStatus projection,
        RecentEvents events,
        MonotonicClock clock,
        CancellationToken cancellation)
    {
        try
        {
            var (text, revision) = await mail.LookAsync(
                leader => (Prometheus.Render(leader, clock.Now), leader.State.Map.Version.Revision), cancellation);
            var now = clock.Time.GetUtcNow();
            return Text(
                Prometheus.Role(identity.Name, identity.Name) + text + Prometheus.Render(publishers.Views, now)
                + Prometheus.Render(projection, projection.Lag(revision, events, now)));
        }
        catch (NotLeadingException)
        {
            // What only the leader knows is the leader's to tell: two that told it would be counted twice.
            var leader = await leaders.FindAsync(cancellation);
            return Text(Prometheus.Role(identity.Name, leader?.Name) + await FollowedAsync(reader, cancellation));
        }
    }

    /// <summary>How far this coordinator follows; nothing where it cannot tell how old that is.</summary>
    private static async Task<string> FollowedAsync(FleetReader reader, CancellationToken cancellation)
    {
        try
        {
            var seen = await reader.LookAsync(_ => true, cancellation);
            return Prometheus.Followed(seen.Version, seen.Age);
        }
        catch (NotLeadingException)
        {
            return "";
        }
    }

    private static ContentHttpResult Text(string text) => TypedResults.Text(text, Prometheus.ContentType);
}

/// <param name="Role">leader or standby.</param>
internal sealed record Health(string Role);
