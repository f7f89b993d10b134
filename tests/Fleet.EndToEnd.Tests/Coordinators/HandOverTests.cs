using System.Net;
using Fleet.Demo.Processes;
using Fleet.Shared.Api;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>
/// The leadership is handed over, because somebody asks for it or because its coordinator is told to stop: nobody waits for an election.
/// </summary>
[Collection(EtcdFleet.Name)]
public sealed class HandOverTests(EtcdFleet stage)
{
    private const int Rounds = 3;

    /// <summary>Until the next leader writes: less than the right of one that was lost, 300 ms, which nobody waits for here.</summary>
    private const double WriteMax = 250;

    /// <summary>Of most hand-overs, for clients, who may be told of the old leader for another 200 ms by one that has just looked.</summary>
    private const double AcknowledgedMax = 600;

    private const double StillMax = 50;

    [StoreFact]
    public Task Transfer_leaves_no_gap() => HandOverAsync("transferred", async leader =>
    {
        var from = stage.Fleet.Clock.Now;
        using var answer = await stage.Coordinators.Http(leader).PostAsync(Routes.Transfer, null);
        var said = await answer.Content.ReadAsStringAsync();
        // A machine that stands still longer than standbys are patient: the answer is that it is not known then, which is true.
        if (stage.StallMs(stage.Fleet.Formed.Vips.Keys, from) < StillMax)
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{said}\n{stage.Fleet.LogsOf("coordinator")}");
    });

    [StoreFact]
    public Task Leader_that_is_told_to_stop_leaves_no_gap() => HandOverAsync("told to stop", leader =>
    {
        stage.Coordinators.Process(leader).Send(Signal.Term);
        return Task.CompletedTask;
    });

    private async Task HandOverAsync(string how, Func<int, Task> askAsync)
    {
        var gaps = new List<double>();
        var writes = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var (leader, before) = await stage.BeWellAsync();
            var from = stage.Fleet.Clock.Now;
            var asking = askAsync(leader);
            var next = await stage.Coordinators.NextTermAsync(before.Version.Term, from, stage.Coordinators.Others(leader));
            writes.Add(next.TotalMilliseconds - stage.StallMs(before.Vips.Keys, from));
            await asking;
            await stage.Operator.AcknowledgedAsync(stage.Fleet.Clock.Now);
            gaps.Add(stage.Operator.LongestGap(from, stage.Fleet.Clock.Now).TotalMilliseconds - stage.StallMs(before.Vips.Keys, from));
            stage.NobodyNoticed(before, await stage.Fleet.Api.MapAsync(CancellationToken.None), from);
        }

        Figures.Say($"leader {how}, ms until the next one's first write: {string.Join(", ", writes.Select(gap => $"{gap:0}"))}; "
            + $"without an acknowledged change: {string.Join(", ", gaps.Select(gap => $"{gap:0}"))}");
        writes.Min().ShouldBeLessThanOrEqualTo(WriteMax, $"{string.Join(", ", writes)} ms\n{stage.Fleet.Logs()}");
        EtcdFleet.Median(gaps).ShouldBeLessThanOrEqualTo(AcknowledgedMax, $"{string.Join(", ", gaps)} ms\n{stage.Fleet.Logs()}");
    }
}
