using System.Net;
using System.Text;
using Fleet.Coordinator.Tests.Hostile;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Api;

/// <summary>What a coordinator that does not lead says to whoever asks it.</summary>
public sealed class FollowerTests(LeaderAndFollower pair) : IClassFixture<LeaderAndFollower>
{
    [Theory]
    [InlineData("PUT", "/v1/services/web?force=true")]
    [InlineData("DELETE", "/v1/services/web")]
    [InlineData("POST", "/v1/nodes/a%2Fb/drain")]
    [InlineData("POST", "/v1/coordinators/transfer?to=c2")]
    public async Task Command_is_sent_to_the_same_place_of_the_leader(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await pair.Follower.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        answer.Headers.Location.ShouldNotBeNull().OriginalString.ShouldBe($"http://{pair.Leader.Address}{path}");
    }

    [Fact]
    public async Task Command_that_a_client_takes_there_is_carried_out_once()
    {
        using var client = new HttpClient { BaseAddress = pair.Follower.Http.BaseAddress };
        using var body = new ByteArrayContent(LeaderAndFollower.Web);
        body.Headers.ContentType = new("application/json");
        using var answer = await client.PutAsync("/v1/services/web", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, pair.Leader.Log);
        await LeaderAndFollower.UntilAsync(async () => (await EventsAsync(pair.Follower)).Contains("service-applied"));
        (await EventsAsync(pair.Leader)).Count(kind => kind == "service-applied").ShouldBe(1);
        (await EventsAsync(pair.Follower)).Count(kind => kind == "service-applied").ShouldBe(1);
    }

    [Theory]
    [InlineData("/v1/map")]
    [InlineData("/v1/services")]
    [InlineData("/v1/events?limit=100")]
    public async Task What_is_folded_it_answers_itself_and_says_how_old_it_is(string path)
    {
        (await pair.Leader.SendAsync(HttpMethod.Put, "/v1/services/web", LeaderAndFollower.Web)).Status.ShouldBe(HttpStatusCode.OK, pair.Leader.Log);
        string theirs;
        string? version;
        do
        {
            version = await pair.Leader.HeaderAsync(path, Routes.VersionHeader);
            theirs = (await pair.Leader.SendAsync(HttpMethod.Get, path)).Body;
            await LeaderAndFollower.UntilAsync(async () => await pair.Follower.HeaderAsync(path, Routes.VersionHeader) == version);
        }
        while (await pair.Leader.HeaderAsync(path, Routes.VersionHeader) != version);
        (await pair.Follower.SendAsync(HttpMethod.Get, path)).Body.ShouldBe(theirs);
        (await pair.Follower.HeaderAsync(path, Routes.CoordinatorHeader)).ShouldBe(pair.Follower.Name);
        (await pair.Follower.HeaderAsync(path, Routes.ObservedHeader)).ShouldBe("false");
        long.Parse((await pair.Follower.HeaderAsync(path, Routes.AgeHeader)).ShouldNotBeNull()).ShouldBeInRange(0, 10_000);
        (await pair.Leader.HeaderAsync(path, Routes.AgeHeader)).ShouldBe("0");
        (await pair.Leader.HeaderAsync(path, Routes.ObservedHeader)).ShouldBeNull();
    }

    [Theory]
    [InlineData("/v1/cluster")]
    [InlineData("/v1/nodes")]
    [InlineData("/v1/vips")]
    [InlineData("/v1/publishing")]
    [InlineData("/v1/coordinators")]
    public async Task What_the_leader_observes_is_the_leader_s_answer(string path)
    {
        (await pair.Follower.SendAsync(HttpMethod.Get, path)).Status.ShouldBe(HttpStatusCode.OK, pair.Follower.Log);
        (await pair.Follower.HeaderAsync(path, Routes.CoordinatorHeader)).ShouldBe(pair.Leader.Name);
        (await pair.Follower.HeaderAsync(path, Routes.ObservedHeader)).ShouldBeNull();
    }

    /// <summary>Two that took each other for the leader would pass it on for ever.</summary>
    [Fact]
    public async Task What_another_has_passed_on_is_answered_and_not_passed_on_again()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/nodes");
        request.Headers.Add(Routes.ForwardedHeader, "c9");
        using var answer = await pair.Follower.Http.SendAsync(request);
        answer.Headers.GetValues(Routes.CoordinatorHeader).ShouldBe([pair.Follower.Name]);
    }

    [Fact]
    public async Task Page_is_served_by_all_of_them()
    {
        (await pair.Follower.SendAsync(HttpMethod.Get, "/")).Status.ShouldBe(HttpStatusCode.OK);
        using var answer = await pair.Follower.Http.GetAsync("/v1/events/stream?from=0", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith("data:");
    }

    [Fact]
    public async Task What_is_asked_of_the_process_itself_it_answers_itself()
    {
        (await pair.Follower.SendAsync(HttpMethod.Get, "/healthz")).ShouldBe((HttpStatusCode.OK, """{"role":"standby"}"""));
        var metrics = await pair.Follower.SendAsync(HttpMethod.Get, "/metrics");
        metrics.Status.ShouldBe(HttpStatusCode.OK);
        metrics.Body.ShouldContain($"fleet_leading{{coordinator=\"{pair.Follower.Name}\"}} 0\n");
        metrics.Body.ShouldContain($"fleet_leader{{leader=\"{pair.Leader.Name}\"}} 1\n");
        metrics.Body.ShouldContain("fleet_follower_age_seconds");
        metrics.Body.ShouldNotContain("fleet_node", Case.Sensitive, "the leader's figures are not this one's");
        var leading = (await pair.Leader.SendAsync(HttpMethod.Get, "/metrics")).Body;
        leading.ShouldContain($"fleet_leading{{coordinator=\"{pair.Leader.Name}\"}} 1\n");
        leading.ShouldContain($"fleet_leader{{leader=\"{pair.Leader.Name}\"}} 1\n");
        (await pair.Leader.SendAsync(HttpMethod.Get, "/healthz")).Body.ShouldBe("""{"role":"leader"}""");
    }

    [Fact]
    public async Task All_of_them_are_listed_with_how_far_they_are()
    {
        await LeaderAndFollower.UntilAsync(async () =>
        {
            var all = (await pair.Leader.GetAsync(Routes.Coordinators)).AsArray();
            return all.Count == 2 && all[1]!["lag"]!.GetValue<long>() == 0;
        });
        var (leader, standby) = ((await pair.Leader.GetAsync(Routes.Coordinators))[0]!, (await pair.Leader.GetAsync(Routes.Coordinators))[1]!);
        (leader["name"]!.GetValue<string>(), leader["role"]!.GetValue<string>()).ShouldBe((pair.Leader.Name, "leader"));
        (standby["name"]!.GetValue<string>(), standby["role"]!.GetValue<string>()).ShouldBe((pair.Follower.Name, "standby"));
        standby["api"]!.GetValue<string>().ShouldBe($"http://{pair.Follower.Address}");
    }

    [Fact]
    public async Task Node_is_told_where_the_leader_is_and_the_link_ends()
    {
        var hello = Wire.Encode(new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), new Incarnation(1), MapVersion.None));
        var heard = await pair.Follower.TalkAsync(hello);
        heard.Length.ShouldBe(2);
        Wire.TryDecodeLeaderMessage(Encoding.UTF8.GetBytes(heard[0]), out var message).ShouldBeTrue();
        message.ShouldBe(new LeaderMessage.Redirect($"ws://{pair.Leader.Address}"));
        heard[1].ShouldBe("closed");
    }

    private static async Task<string[]> EventsAsync(CoordinatorChild of) =>
        [.. (await of.GetAsync("/v1/events?limit=1000")).AsArray().Select(happened => $"{happened!["kind"]}")];
}
