using System.Diagnostics;
using System.Net;
using Fleet.Coordinator.Tests.Hostile;
using Fleet.Shared.Api;

namespace Fleet.Coordinator.Tests.Api;

/// <summary>One coordinator after another, as processes: by death, by a person's wish, and at the end of a process.</summary>
public sealed class HandOverTests : IAsyncLifetime
{
    private readonly LeaderAndFollower _pair = new();

    private CoordinatorChild Leader => _pair.Leader;

    private CoordinatorChild Follower => _pair.Follower;

    public Task InitializeAsync() => _pair.InitializeAsync();

    public Task DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task While_no_leader_answers_it_says_what_it_knows_and_that_it_does()
    {
        Leader.Signal("STOP");
        try
        {
            // On a busy machine its threads stop one after another.
            await LeaderAndFollower.UntilAsync(async () => await Follower.HeaderAsync("/v1/nodes", Routes.CoordinatorHeader) == Follower.Name);
            var cluster = await Follower.GetAsync("/v1/cluster");
            cluster["problems"]![0]!.GetValue<string>().ShouldStartWith("No leader answers.");
            (await Follower.GetAsync("/v1/coordinators"))[0]!["role"]!.GetValue<string>().ShouldBe("standby");
            (await Follower.SendAsync(HttpMethod.Get, "/v1/plan")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            Leader.Signal("CONT");
        }
    }

    [Fact]
    public async Task Handed_over_it_leads_and_the_one_before_follows_in_the_same_process()
    {
        (await Leader.SendAsync(HttpMethod.Put, "/v1/services/web", LeaderAndFollower.Web)).Status.ShouldBe(HttpStatusCode.OK, Leader.Log);
        (await Leader.SendAsync(HttpMethod.Post, Routes.Transfer + "?to=nobody")).Status.ShouldBe(HttpStatusCode.Conflict);
        await LeaderAndFollower.UntilAsync(async () => (await Leader.GetAsync(Routes.Coordinators)).AsArray().Count == 2);
        var (status, body) = await Leader.SendAsync(HttpMethod.Post, $"{Routes.Transfer}?to={Follower.Name}");
        (status, body.Contains($"{Follower.Name} leads", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, true), body);
        (await Follower.SendAsync(HttpMethod.Get, "/healthz")).Body.ShouldBe("""{"role":"leader"}""");
        (await Follower.SendAsync(HttpMethod.Get, "/v1/services/web")).Status.ShouldBe(HttpStatusCode.OK);
        await LeaderAndFollower.UntilAsync(
            async () => (await Follower.GetAsync(Routes.Coordinators)).AsArray().Any(c => $"{c!["name"]}" == Leader.Name));
        (await Leader.SendAsync(HttpMethod.Get, "/healthz")).Body.ShouldBe("""{"role":"standby"}""");
        (await Follower.SendAsync(HttpMethod.Post, Routes.Transfer)).Status.ShouldBe(HttpStatusCode.OK, "and back again");
        (await Leader.SendAsync(HttpMethod.Get, "/v1/services/web")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Told_to_stop_a_leader_hands_over_before()
    {
        await LeaderAndFollower.UntilAsync(async () => (await Leader.GetAsync(Routes.Coordinators)).AsArray().Count == 2);
        await Leader.StopAsync();
        await LeaderAndFollower.UntilAsync(async () => (await Follower.SendAsync(HttpMethod.Get, "/healthz")).Body == """{"role":"leader"}""");
        Leader.Log.ShouldContain("hands term 1 over");
    }

    [Fact]
    public async Task When_the_leader_dies_it_leads_with_all_that_was_acknowledged()
    {
        (await Leader.SendAsync(HttpMethod.Put, "/v1/services/web", LeaderAndFollower.Web)).Status.ShouldBe(HttpStatusCode.OK, Leader.Log);
        await Leader.KillAsync();
        var since = Stopwatch.StartNew();
        while ((await Follower.SendAsync(HttpMethod.Get, "/healthz")).Body != """{"role":"leader"}""" && since.Elapsed < TimeSpan.FromSeconds(20))
            (await Follower.SendAsync(HttpMethod.Get, "/v1/services")).Status.ShouldBe(HttpStatusCode.OK, Follower.Log);
        (await Follower.SendAsync(HttpMethod.Get, "/v1/services/web")).Status.ShouldBe(HttpStatusCode.OK, Follower.Log);
    }
}
