using Fleet.Coordinator.Control;
using Fleet.Coordinator.Publishers;
using Fleet.Shared.Shell;

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

    private static async Task<IResult> MetricsAsync(
        Mailbox mail, PublisherSet publishers, ProjectionStatus projection, RecentEvents events, MonotonicClock clock, CancellationToken cancellation)
    {
        var (text, revision) = await mail.LookAsync(
            leader => (Prometheus.Render(leader, clock.Now), leader.State.Map.Version.Revision), cancellation);
        var now = clock.Time.GetUtcNow();
        return TypedResults.Text(
            text + Prometheus.Render(publishers.Views, now) + Prometheus.Render(projection, projection.Lag(revision, events, now)),
            Prometheus.ContentType);
    }
}

/// <param name="Role">leader or standby.</param>
internal sealed record Health(string Role);
