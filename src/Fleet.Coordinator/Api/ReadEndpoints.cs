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

/// <summary>What can be read. Every answer is taken from the leader's state inside its loop, so that it describes one map.</summary>
internal static class ReadEndpoints
{
    public static void MapReads(this IEndpointRouteBuilder routes, string coordinator)
    {
        routes.MapGet(Routes.Cluster, async (Mailbox mail, PublisherSet publishers, MonotonicClock clock, CancellationToken cancellation) =>
        {
            var view = await mail.LookAsync(leader => ViewMaker.Cluster(leader, coordinator, clock.Now), cancellation);
            return view with { Problems = [.. view.Problems, .. PublishingProblems.Collect(publishers.Views)] };
        }).WithSummary("The fleet in one object");
        routes.MapGet(Routes.Publishing, (Mailbox mail, PublisherSet publishers, CancellationToken cancellation) =>
            mail.LookAsync(_ => publishers.Views, cancellation)).WithSummary("The zones on other DNS servers, and how far they are in step");
        routes.MapGet(Routes.Nodes, (Mailbox mail, MonotonicClock clock, CancellationToken cancellation) =>
            mail.LookAsync(leader => ViewMaker.Nodes(leader, clock.Now), cancellation)).WithSummary("Every node");
        routes.MapGet($"{Routes.Nodes}/{{name}}", NodeAsync).WithSummary("One node");
        routes.MapGet(Routes.Vips, (Mailbox mail, CancellationToken cancellation) =>
            mail.LookAsync(ViewMaker.Vips, cancellation)).WithSummary("Every VIP");
        routes.MapGet($"{Routes.Vips}/{{address}}", VipAsync).WithSummary("One VIP");
        routes.MapGet($"{Routes.Vips}/{{address}}/explain", ExplainAsync).WithSummary("Why a VIP is where it is");
        routes.MapGet(Routes.Services, (Mailbox mail, CancellationToken cancellation) =>
            mail.LookAsync(ViewMaker.Services, cancellation)).WithSummary("Every service");
        routes.MapGet($"{Routes.Services}/{{name}}", ServiceAsync).WithSummary("One service");
        routes.MapGet(Routes.Map, (Mailbox mail, CancellationToken cancellation) =>
            mail.LookAsync(leader => leader.State.Map, cancellation)).WithSummary("The whole fleet map");
        routes.MapGet(Routes.Plan, PlanAsync).WithSummary("The newest plan with its proof");
        routes.MapGet(Routes.Events, Events).WithSummary("What happened last, oldest first");
        routes.MapGet(Routes.EventStream, EventStream).WithSummary("What happens, as Server-Sent Events");
    }

    private static async Task<IResult> PlanAsync(Mailbox mail, CancellationToken cancellation) =>
        await mail.LookAsync(leader => leader.Planning.Last, cancellation) is { } plan
            ? TypedResults.Json(PlanDocument.From(plan.Planned, plan.Of), PlacementJson.Default.PlanDocument)
            : Problems.NotFound("No plan has been made yet.");

    private static async Task<Results<Ok<NodeView>, ProblemHttpResult>> NodeAsync(
        string name, Mailbox mail, MonotonicClock clock, CancellationToken cancellation) =>
        await mail.LookAsync(leader => ViewMaker.Node(leader, NodeName.Parse(name), clock.Now), cancellation) is { } node
            ? TypedResults.Ok(node)
            : Problems.NotFound($"There is no node {name}.");

    private static async Task<Results<Ok<VipView>, ProblemHttpResult>> VipAsync(string address, Mailbox mail, CancellationToken cancellation) =>
        await FindAsync(address, mail, ViewMaker.Vip, cancellation) is { } vip
            ? TypedResults.Ok(vip)
            : Problems.NotFound($"There is no VIP {address}.");

    private static async Task<Results<Ok<VipExplanation>, ProblemHttpResult>> ExplainAsync(
        string address, Mailbox mail, RecentEvents recentEvents, CancellationToken cancellation) =>
        await FindAsync(address, mail, (leader, vip) => VipStory.Explain(leader, vip, recentEvents.From(0)), cancellation) is { } story
            ? TypedResults.Ok(story)
            : Problems.NotFound($"There is no VIP {address}.");

    private static async Task<Results<Ok<ServiceView>, ProblemHttpResult>> ServiceAsync(string name, Mailbox mail, CancellationToken cancellation) =>
        await mail.LookAsync(
            leader => leader.State.Map.Services.TryGetValue(ServiceName.Parse(name), out var service) ? ViewMaker.Service(leader, service) : null,
            cancellation) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound($"There is no service {name}.");

    private static async Task<T?> FindAsync<T>(string address, Mailbox mail, Func<Leader, VipEntry, T> make, CancellationToken cancellation)
        where T : class =>
        await mail.LookAsync(
            leader => VipAddress.TryParse(address, out var vip) && leader.State.Map.Vips.TryGetValue(vip, out var entry) ? make(leader, entry) : null,
            cancellation);

    private static ImmutableArray<EventView> Events(RecentEvents recentEvents, long from = 0, int limit = 100) =>
        [.. recentEvents.From(from).SelectMany(EventWords.Views).TakeLast(Math.Clamp(limit, 1, 10_000))];

    private static ServerSentEventsResult<EventView> EventStream(RecentEvents recentEvents, CancellationToken cancellation, long? from = null) =>
        TypedResults.ServerSentEvents(
            recentEvents.FollowAsync(from ?? long.MaxValue, cancellation).SelectMany(entry => EventWords.Views(entry).ToAsyncEnumerable()));
}
