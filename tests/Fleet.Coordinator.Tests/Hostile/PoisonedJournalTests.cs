using System.Net;
using System.Text;

namespace Fleet.Coordinator.Tests.Hostile;

/// <summary>
/// The journal and the snapshot in Stores/Poisoned are of a coordinator (commit 0d62d88, put into the words of this build) that let in what now
/// breaks the rules: services with a feedback port of 70000, an interval of 0, VIPs 0.0.0.0 and 224.0.0.1, ports twice and names with blanks.
/// </summary>
public sealed class PoisonedJournalTests
{
    private static string Poisoned => Path.Combine(AppContext.BaseDirectory, "Stores", "Poisoned");

    [Fact]
    public async Task Fleet_starts_without_the_services_that_break_the_rules_and_says_which_and_why()
    {
        await using var coordinator = await CoordinatorChild.StartAsync(Poisoned);
        var map = await coordinator.GetAsync("/v1/map");
        map["services"]!.AsObject().Select(s => s.Key).ShouldBe(["web"]);
        map["vips"]!.AsObject().Select(v => v.Key).ShouldBe(["127.77.1.1"]);
        var problems = (await coordinator.GetAsync("/v1/cluster"))["problems"]!.AsArray().Select(p => (string)p!).ToArray();
        problems.ShouldContain(p =>
            p.StartsWith("Service \"port\" is left out")
                && p.Contains("pool.feedback.port: found 70000, allowed: a whole number from 1 to 65535"));
        problems.ShouldContain(p => p.StartsWith("Service \"zero\" is left out") && p.Contains("pool.check.interval-ms: found 0"));
        problems.ShouldContain(p => p.StartsWith("Service \"two words\" is left out"));
        coordinator.Log.ShouldContain("Service port of the history is left out");
    }

    [Fact]
    public async Task What_was_left_out_can_be_applied_anew_and_removed()
    {
        await using var coordinator = await CoordinatorChild.StartAsync(Poisoned);
        const string Good = """{"name":"port","listeners":[{"port":8080,"protocol":"http"}],"vips":["127.77.1.3"]"""
            + ""","pool":{"backends":[{"name":"b1","address":"127.0.0.1:9"}]}}""";
        (await coordinator.SendAsync(HttpMethod.Put, "/v1/services/port?force=true",
            Encoding.UTF8.GetBytes(Good))).Status.ShouldBe(HttpStatusCode.OK);
        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/zero")).Status.ShouldBe(HttpStatusCode.OK);
        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/two%20words")).Status.ShouldBe(HttpStatusCode.OK);
        (await coordinator.SendAsync(HttpMethod.Delete, "/v1/services/two%20words")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await coordinator.GetAsync("/v1/map"))["services"]!.AsObject().Select(s => s.Key).ShouldBe(["port", "web"]);
        ((string)(await coordinator.GetAsync("/v1/cluster"))["problems"]!.ToJsonString()).ShouldNotContain("left out");
    }
}
