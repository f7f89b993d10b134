using System.Net;
using Fleet.Demo.Processes;
using Fleet.Shared.Api;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary><c>SIGSTOP</c> of the coordinator that leads: it is replaced, and speaks for nobody when it wakes.</summary>
[Collection(EtcdFleet.Name)]
public sealed class StoppedLeaderTests(EtcdFleet stage)
{
    private const int Stops = 3;
    private static readonly TimeSpan NextMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1.5);

    private static int _guests;

    [StoreFact]
    public async Task Next_leader_writes_within_a_second_and_the_old_one_acknowledges_nothing_when_it_goes_on()
    {
        var gaps = new List<double>();
        for (var i = 0; i < Stops; i++)
        {
            var (leader, before) = await stage.BeWellAsync();
            await using var node = new LinkClient();
            var name = $"{EtcdFleet.Guest}{++_guests}";
            await node.JoinAsync(stage.Coordinators.Endpoint(leader), name);
            var from = stage.Fleet.Clock.Now;
            // Under way when it is stopped, whatever has become of it; its answer must have been read before it goes on, or not be a promise.
            var underWay = Enumerable.Range(1, 4).Select(_ => CordonAsync(leader, name)).ToArray();
            stage.Coordinators.Process(leader).Send(Signal.Stop);
            var gap = await stage.Coordinators.NextTermAsync(before.Version.Term, from, stage.Coordinators.Others(leader));
            gaps.Add(gap.TotalMilliseconds - stage.StallMs(before.Vips.Keys, from));
            // On connections that the kernel takes for it.
            var late = Enumerable.Range(1, 4).Select(_ => CordonAsync(leader, name)).ToArray();
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            var open = underWay.Concat(late).Where(each => !each.IsCompleted).ToArray();
            var acknowledged = node.Acknowledged;
            stage.Coordinators.Process(leader).Send(Signal.Continue);
            await Task.Delay(Watched);
            node.Acknowledged.ShouldBe(acknowledged, "a node that has a link to it");
            open.Length.ShouldBeGreaterThanOrEqualTo(late.Length);
            foreach (var answer in open)
                (await answer.WaitAsync(TimeSpan.FromSeconds(10))).ShouldNotBe(HttpStatusCode.OK);
            await node.DisposeAsync();
            await stage.BeWellAsync();
            stage.NobodyNoticed(before, await stage.Fleet.Api.MapAsync(CancellationToken.None), from);
        }

        EtcdFleet.Median(gaps).ShouldBeLessThanOrEqualTo(NextMax.TotalMilliseconds, $"{string.Join(", ", gaps)} ms\n{stage.Fleet.Logs()}");
        Figures.Say($"leader stopped, ms until the next one's first write: {string.Join(", ", gaps.Select(gap => $"{gap:0}"))}");
        Runbook.Shows("leader-deposed-log", stage.Fleet.LogsOf("coordinator"));
        TermsOnlyGrow([.. (await StoredEntry.AllAsync(stage.Etcd)).Select(entry => entry.Term)]);
    }

    /// <summary>A write of the old leader behind one of the new would be a term that goes back.</summary>
    private static void TermsOnlyGrow(long[] terms)
    {
        terms.Distinct().Count().ShouldBeGreaterThan(Stops);
        terms.ShouldBe(terms.Order());
    }

    /// <summary>Null when there is no answer.</summary>
    private async Task<HttpStatusCode?> CordonAsync(int coordinator, string node)
    {
        try
        {
            using var answer = await stage.Coordinators.Http(coordinator).PostAsync(Routes.Node(node, NodeVerbs.Cordon), null);
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
