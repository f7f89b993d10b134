using System.Collections.Immutable;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Publishers;
using Fleet.Placement.Documents;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Coordinator.Api;

/// <summary>What can be read. Every answer is taken from one state of the fleet, so that it describes one map.</summary>
internal static class ReadEndpoints
{
    public static void MapReads(this IEndpointRouteBuilder routes, string coordinator)
    {
        routes.MapGet(Routes.Cluster, async (
            Reading fleet,
            PublisherSet publishers,
            ProjectionStatus projection,
            RecentEvents events,
            MonotonicClock clock,
            CancellationToken cancellation) =>
        {
            var seen = await fleet.SeeAsync(leader => ViewMaker.Cluster(leader, coordinator, clock.Now), cancellation);
            var missing = Reading.Problems(seen.IsObserved, coordinator, seen.Age);
            // Only the leader projects.
            var behind = seen.IsObserved ? projection.Problems(seen.Version, events, clock.Time.GetUtcNow()) : [];
            return seen.What with { Problems = [.. missing, .. seen.What.Problems, .. PublishingProblems.Collect(publishers.Views), .. behind] };
        }).WithSummary("The fleet in one object");
        routes.MapGet(Routes.Publishing, (Reading fleet, PublisherSet publishers, CancellationToken cancellation) =>
            fleet.LookAsync(_ => publishers.Views, cancellation)).WithSummary("The zones on other DNS servers, and how far they are in step");
        routes.MapGet(Routes.Nodes, (Reading fleet, MonotonicClock clock, CancellationToken cancellation) =>
            fleet.LookAsync(leader => ViewMaker.Nodes(leader, clock.Now), cancellation)).WithSummary("Every node");
        routes.MapGet($"{Routes.Nodes}/{{name}}", NodeAsync).WithSummary("One node");
        routes.MapGet(Routes.Vips, (Reading fleet, CancellationToken cancellation) =>
            fleet.LookAsync(ViewMaker.Vips, cancellation)).WithSummary("Every VIP");
        routes.MapGet($"{Routes.Vips}/{{address}}", VipAsync).WithSummary("One VIP");
        routes.MapGet($"{Routes.Vips}/{{address}}/explain", ExplainAsync).WithSummary("Why a VIP is where it is");
        routes.MapGet(Routes.Services, (Reading fleet, CancellationToken cancellation) =>
            fleet.LookAsync(ViewMaker.Services, cancellation)).WithSummary("Every service");
        routes.MapGet($"{Routes.Services}/{{name}}", ServiceAsync).WithSummary("One service");
        routes.MapGet(Routes.Map, (Reading fleet, CancellationToken cancellation) =>
            fleet.LookAsync(leader => leader.State.Map, cancellation)).WithSummary("The whole fleet map");
        routes.MapGet(Routes.Plan, PlanAsync).WithSummary("The newest plan with its proof");
        routes.MapGet(Routes.Events, EventsAsync).WithSummary("What happened last, oldest first");
        routes.MapGet(Routes.EventStream, EventStreamAsync).WithSummary("What happens, as Server-Sent Events");
    }

    private static async Task<IResult> PlanAsync(Reading fleet, CancellationToken cancellation) =>
        await fleet.LookAsync(leader => leader.Planning.Last, cancellation) is { } plan
            ? TypedResults.Json(PlanDocument.From(plan.Planned, plan.Of), PlacementJson.Default.PlanDocument)
            : Problems.NotFound("No plan has been made yet.");

    private static async Task<Results<Ok<NodeView>, ProblemHttpResult>> NodeAsync(
        string name, Reading fleet, MonotonicClock clock, CancellationToken cancellation) =>
        await fleet.LookAsync(leader => ViewMaker.Node(leader, NodeName.Parse(name), clock.Now), cancellation) is { } node
            ? TypedResults.Ok(node)
            : Problems.NotFound($"There is no node {name}.");

    private static async Task<Results<Ok<VipView>, ProblemHttpResult>> VipAsync(string address, Reading fleet, CancellationToken cancellation) =>
        await FindAsync(address, fleet, ViewMaker.Vip, cancellation) is { } vip
            ? TypedResults.Ok(vip)
            : Problems.NotFound($"There is no VIP {address}.");

    private static async Task<Results<Ok<VipExplanation>, ProblemHttpResult>> ExplainAsync(
        string address, Reading fleet, RecentEvents recentEvents, CancellationToken cancellation) =>
        await FindAsync(address, fleet, (leader, vip) => VipStory.Explain(leader, vip, recentEvents.From(0)), cancellation) is { } story
            ? TypedResults.Ok(story)
            : Problems.NotFound($"There is no VIP {address}.");

    private static async Task<Results<Ok<ServiceView>, ProblemHttpResult>> ServiceAsync(string name, Reading fleet, CancellationToken cancellation) =>
        await fleet.LookAsync(
            leader => leader.State.Map.Services.TryGetValue(ServiceName.Parse(name), out var service) ? ViewMaker.Service(leader, service) : null,
            cancellation) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound($"There is no service {name}.");

    private static async Task<T?> FindAsync<T>(string address, Reading fleet, Func<Leader, VipEntry, T> make, CancellationToken cancellation)
        where T : class =>
        await fleet.LookAsync(
            leader => VipAddress.TryParse(address, out var vip) && leader.State.Map.Vips.TryGetValue(vip, out var entry) ? make(leader, entry) : null,
            cancellation);

    private static async Task<ImmutableArray<EventView>> EventsAsync(
        Reading fleet, RecentEvents recentEvents, CancellationToken cancellation, long from = 0, int limit = 100)
    {
        await fleet.LookAsync(_ => true, cancellation);
        return [.. recentEvents.From(from).SelectMany(EventWords.Views).TakeLast(Math.Clamp(limit, 1, 10_000))];
    }

    private static async Task<ServerSentEventsResult<EventView>> EventStreamAsync(
        Reading fleet, RecentEvents recentEvents, CancellationToken cancellation, long? from = null)
    {
        await fleet.LookAsync(_ => true, cancellation);
        return TypedResults.ServerSentEvents(
            recentEvents.FollowAsync(from ?? long.MaxValue, cancellation).SelectMany(entry => EventWords.Views(entry).ToAsyncEnumerable()));
    }
}
