using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Coordinator.Api;
using Fleet.Shared.Gate;

namespace Fleet.Coordinator.Tests.Hostile;

public sealed class HostileRestTests
{
    private static readonly string Long = new('x', 64);

    [Fact]
    public async Task No_hostile_body_is_taken_ends_the_coordinator_or_is_a_failure_without_an_id()
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        var bodies = HostileBodies.All().ToArray();
        bodies.Length.ShouldBeGreaterThan(200);
        var wrong = new List<string>();
        foreach (var (path, body) in bodies)
        {
            var (status, answer) = await coordinator.SendAsync(HttpMethod.Put, "/v1/services/web", Encoding.UTF8.GetBytes(body));
            if (status != HttpStatusCode.UnprocessableEntity || !IsProblem(answer))
                wrong.Add($"{path} {(int)status}: {body[..Math.Min(body.Length, 300)]}: {answer}");
        }

        wrong.ShouldBeEmpty();
        coordinator.IsRunning.ShouldBeTrue(coordinator.Log);
        (await coordinator.GetAsync("/v1/services")).AsArray().ShouldBeEmpty();
        (await coordinator.SendAsync(HttpMethod.Put, "/v1/services/web",
            Encoding.UTF8.GetBytes(HostileBodies.Good))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Paths_headers_and_verbs_that_are_none_are_refused_with_a_reason()
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        foreach (var name in new[] { "two%20words", Long, "%0d%0a", "a%00b", "%ff", "%ed%a0%80", "-", "..%2f..", "%F0%9F%92%A9" })
        {
            var cases = new[]
            {
                (HttpMethod.Delete, $"/v1/services/{name}"), (HttpMethod.Post, $"/v1/nodes/{name}/drain"),
                (HttpMethod.Post, $"/v1/nodes/{name}/down"), (HttpMethod.Put, $"/v1/services/{name}"),
            };
            foreach (var (method, path) in cases)
            {
                var (status, answer) = await coordinator.SendAsync(
                    method, path, method == HttpMethod.Put ? Encoding.UTF8.GetBytes(HostileBodies.Good) : null);
                ((int)status).ShouldBeInRange(400, 499, $"{method} {path}: {answer}");
            }
        }

        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/two%20words")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await coordinator.SendAsync(HttpMethod.Post, "/v1/nodes/two%20words/drain")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/web", actor: "me\u0001")).Status.ShouldBeOneOf(
            HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest);
        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/web", actor: "me\tyou")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/web", actor: new string('x', 101))).Status.ShouldBe(
            HttpStatusCode.UnprocessableEntity);
        (await coordinator.SendAsync(HttpMethod.Get, "/v1/events?limit=many")).Body.ShouldContain("\"status\":400");
        (await coordinator.SendAsync(HttpMethod.Get, "/nowhere")).Body.ShouldContain("\"status\":404");
        coordinator.IsRunning.ShouldBeTrue(coordinator.Log);
    }

    [Fact]
    public async Task Whoever_calls_himself_the_coordinator_is_written_down_as_one_who_only_said_so()
    {
        await using var coordinator = await CoordinatorChild.StartAsync();
        foreach (var (actor, port) in new[] { ("coordinator", 81), (null, 82) })
            (await coordinator.SendAsync(HttpMethod.Put, "/v1/services/web",
                Encoding.UTF8.GetBytes(HostileBodies.Good.Replace("9.1:80", $"9.1:{port}", StringComparison.Ordinal)),
                    actor)).Status.ShouldBe(HttpStatusCode.OK);
        var applied = (await coordinator.GetAsync("/v1/events"))
            .AsArray()
            .Where(e => $"{e!["kind"]}" == "service-applied")
            .Select(e => e!["by"]!.ToJsonString());
        applied.ShouldBe(
            ["""{"name":"coordinator","proof":"claimed","from":"127.0.0.1"}""", """{"name":"anonymous","proof":"claimed","from":"127.0.0.1"}"""]);
    }

    /// <summary>At both ends of every range, and just beyond, both say the same; so they do of every hostile text.</summary>
    [Fact]
    public void What_the_configuration_refuses_the_api_refuses_and_the_other_way_round()
    {
        var numbers = ServiceRules.Table.Numbers.SelectMany(rule => HostileBodies.Ends(rule.Range).Select(value => (rule.Path, Value: value)));
        var words = ServiceRules.Table.Words.SelectMany(rule =>
            new[] { "\"\"", "\"two words\"", "\"/a\\r\\nb\"", $"\"{Long}\"", "\"a\"", "\"A-1\"", "\"a_b\"", "\"a.b\"", "\"/ok\"" }.Select(
                value => (rule.Path, Value: value)));
        var addresses = new[] { "0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "::ffff:10.0.0.1", "2001:db8::1", "127.1", "127.0.0.1",
            "10.0.0.256" }.Select(
            address => (Path: "vips[]", Value: $"\"{address}\""));
        var asked = 0;
        foreach (var (path, value) in numbers.Concat(words).Concat(addresses))
        {
            if (HostileBodies.ConfigurationTakes(path, value) is not { } takes)
                continue;
            asked++;
            ServiceBody.TryRead(Encoding.UTF8.GetBytes(HostileBodies.With(path, value)), out _, out var mistakes)
                .ShouldBe(takes, $"{path} = {value}: {Mistake.Join(mistakes)}");
        }

        asked.ShouldBeGreaterThan(140);
    }

    private static bool IsProblem(string answer) =>
        JsonNode.Parse(answer) is JsonObject problem && problem["title"] is not null && problem["errors"] is JsonArray { Count: > 0 };
}
