using System.Diagnostics;
using System.Net;
using System.Text;
using Fleet.Coordinator.Tests.Hostile;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Api;

/// <summary>Two coordinators on one folder, as processes: the second waits for the lock, and sends everybody to the first.</summary>
public sealed class FollowerTests : IAsyncLifetime
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """
        {"name":"web","listeners":[{"port":80,"protocol":"tcp"}],"vips":["10.0.0.1"],"pool":{"backends":[{"name":"b","address":"10.1.0.1:80"}]}}
        """);

    private CoordinatorChild _leader = null!;
    private CoordinatorChild _follower = null!;

    public async Task InitializeAsync()
    {
        _leader = await CoordinatorChild.StartAsync();
        _follower = await _leader.StartFollowerAsync();
    }

    public async Task DisposeAsync()
    {
        await _follower.DisposeAsync();
        await _leader.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/v1/cluster")]
    [InlineData("GET", "/v1/events?from=3&limit=7")]
    [InlineData("GET", "/v1/events/stream")]
    [InlineData("PUT", "/v1/services/web?force=true")]
    [InlineData("POST", "/v1/nodes/a%2Fb/drain")]
    [InlineData("GET", "/")]
    public async Task Whoever_asks_it_of_the_fleet_is_sent_to_the_same_place_of_the_leader(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _follower.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        answer.Headers.Location.ShouldNotBeNull().OriginalString.ShouldBe($"http://{_leader.Address}{path}");
    }

    [Fact]
    public async Task What_is_asked_of_the_process_itself_it_answers_itself()
    {
        (await _follower.SendAsync(HttpMethod.Get, "/healthz")).ShouldBe((HttpStatusCode.OK, """{"role":"standby"}"""));
        var metrics = await _follower.SendAsync(HttpMethod.Get, "/metrics");
        metrics.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, "the leader's figures are not this one's");
        (await _leader.SendAsync(HttpMethod.Get, "/healthz")).Body.ShouldBe("""{"role":"leader"}""");
    }

    [Fact]
    public async Task Node_is_told_where_the_leader_is_and_the_link_ends()
    {
        var hello = Wire.Encode(new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), new Incarnation(1), MapVersion.None));
        var heard = await _follower.TalkAsync(hello);
        heard.Length.ShouldBe(2);
        Wire.TryDecodeLeaderMessage(Encoding.UTF8.GetBytes(heard[0]), out var message).ShouldBeTrue();
        message.ShouldBe(new LeaderMessage.Redirect($"ws://{_leader.Address}"));
        heard[1].ShouldBe("closed");
    }

    [Fact]
    public async Task When_the_leader_dies_it_leads_with_all_that_was_acknowledged()
    {
        (await _leader.SendAsync(HttpMethod.Put, "/v1/services/web", Body)).Status.ShouldBe(HttpStatusCode.OK, _leader.Log);
        await _leader.KillAsync();
        var since = Stopwatch.StartNew();
        HttpStatusCode status;
        while ((status = (await _follower.SendAsync(HttpMethod.Get, "/v1/services/web")).Status) != HttpStatusCode.OK
            && since.Elapsed < TimeSpan.FromSeconds(20))
            status.ShouldBeOneOf(HttpStatusCode.TemporaryRedirect, HttpStatusCode.ServiceUnavailable);
        status.ShouldBe(HttpStatusCode.OK, _follower.Log);
        (await _follower.SendAsync(HttpMethod.Get, "/healthz")).Body.ShouldBe("""{"role":"leader"}""");
    }
}
