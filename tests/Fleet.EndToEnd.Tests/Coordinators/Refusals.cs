using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Shared.Api;
using Fleet.Shared.Model;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>
/// Changes that are asked for while the quorum is lost: each is refused within 2 s, and the refusal says whether anything was changed. The first of
/// the leader, one behind it, those of followers, and, once the leader is not sure to lead any more, of it and by pbm.
/// </summary>
/// <param name="web">A service to change.</param>
internal sealed class Refusals(EtcdFleet stage, Service web)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>More than the steady operator ever asks for: each of these would change something.</summary>
    private const long NobodyElses = SteadyOperator.DemandMax + 50;

    private readonly ConcurrentQueue<(string Who, TimeSpan Took, string Outcome)> _all = new();
    private TimeSpan _usual;

    /// <summary>How long pbm takes on this machine, before anything is lost.</summary>
    public async Task PrepareAsync()
    {
        var run = await PbmRun.OfAsync("--url", Urls([1]), "node", "list");
        run.ExitCode.ShouldBe(0, run.Text);
        _usual = run.Took;
    }

    /// <param name="shows">Given what pbm said to a command, and about the fleet.</param>
    public async Task AskAsync(int leader, Action<string, string> shows)
    {
        var others = stage.Coordinators.Others(leader);
        await Task.WhenAll(
            ChangeAsync("first", leader),
            LaterAsync("behind it", leader),
            LaterAsync("follower", others[0]));
        await Task.WhenAll(ChangeAsync("leader that cannot renew", leader), ChangeAsync("follower, later", others[1]));
        await PbmAsync(others, leader, shows);
    }

    public override string ToString() =>
        string.Join(", ", _all.Select(each => FormattableString.Invariant($"{each.Who} {each.Took.TotalMilliseconds:0} ms ({each.Outcome})")));

    private async Task LaterAsync(string who, int coordinator)
    {
        await Task.Delay(30);
        await ChangeAsync(who, coordinator);
    }

    private async Task ChangeAsync(string who, int coordinator)
    {
        // As clients do that are sent on: to the one that leads.
        using var http = new HttpClient { BaseAddress = stage.Coordinators.Http(coordinator).BaseAddress, Timeout = TimeSpan.FromSeconds(10) };
        var since = stage.Fleet.Clock.Now;
        using var answer = await http.PutAsJsonAsync(Routes.Service("web"), web with { DemandBps = NobodyElses }, ApiJson.Default.Service);
        var took = stage.Fleet.Clock.Now - since;
        var said = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{who}: {said}");
        var problem = JsonNode.Parse(said)!;
        var outcome = $"{problem[Outcomes.Member]}";
        $"{problem["detail"]}".ShouldStartWith(outcome == Outcomes.Unchanged ? "Nothing was changed: " : "It is not known whether this was done: ");
        _all.Enqueue((who, took, outcome));
        var stall = TimeSpan.FromMilliseconds(stage.StallMs(stage.Fleet.Formed.Vips.Keys, since));
        (took - stall).ShouldBeLessThan(Within, $"{who}, and the machine stood still for {stall.TotalMilliseconds:0} ms: {said}");
    }

    private string Urls(int[] numbers) => string.Join(',', numbers.Select(number => $"http://{stage.Coordinators.Endpoint(number)}"));

    private async Task PbmAsync(int[] others, int leader, Action<string, string> shows)
    {
        var urls = Urls([.. others, leader]);
        var since = stage.Fleet.Clock.Now;
        var run = await PbmRun.OfAsync("--url", urls, "node", "cordon", "adc-1");
        run.ExitCode.ShouldBe(3, run.Text);
        _all.Enqueue(("pbm", run.Took, $"of a fleet that is well {_usual.TotalMilliseconds:0} ms"));
        var stall = TimeSpan.FromMilliseconds(stage.StallMs(stage.Fleet.Formed.Vips.Keys, since));
        (run.Took - _usual - stall).ShouldBeLessThan(Within, $"the machine stood still for {stall.TotalMilliseconds:0} ms: {run.Text}");
        shows(run.Text, (await PbmRun.OfAsync("--url", urls, "cluster", "status")).Text);
    }
}
