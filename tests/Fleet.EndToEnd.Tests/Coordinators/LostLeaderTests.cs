using Fleet.Demo.Processes;
using Fleet.EndToEnd.Tests.Wan;
using Fleet.Shared.Model;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary><c>kill -9</c> of the coordinator that leads, under load.</summary>
[Collection(EtcdFleet.Name)]
public sealed class LostLeaderTests(EtcdFleet stage)
{
    private const int Kills = 10;
    private const double GapMax = 500;

    [StoreFact]
    public async Task Next_leader_writes_within_half_a_second_and_no_client_notices()
    {
        var gaps = new List<(double GapMs, double StallMs)>();
        for (var i = 0; i < Kills; i++)
        {
            var (leader, before) = await stage.BeWellAsync();
            var from = stage.Fleet.Clock.Now;
            stage.Coordinators.Process(leader).Send(Signal.Kill);
            var gap = await stage.Coordinators.NextTermAsync(before.Version.Term, from, stage.Coordinators.Others(leader));
            await stage.Operator.AcknowledgedAsync(from + gap);
            gaps.Add((gap.TotalMilliseconds, stage.StallMs(before.Vips.Keys, from)));
            stage.NobodyNoticed(before, await stage.Fleet.Api.MapAsync(CancellationToken.None), from);
        }

        Runbook.Shows("leader-lost-log", stage.Fleet.LogsOf("coordinator"));
        var story = $"{Story(gaps)}\n{stage.Fleet.Logs()}";
        EtcdFleet.Median(gaps.Select(each => each.GapMs - each.StallMs)).ShouldBeLessThanOrEqualTo(GapMax, story);
        Figures.Say($"leader killed, ms until the next one's first write: {Story(gaps)}");
        await NothingIsLostAsync();
    }

    [StoreFact]
    public async Task Vips_of_a_node_that_dies_with_the_leader_are_back_when_the_next_one_leads_and_a_failover_has_passed()
    {
        for (var i = 0; i < NodeKill.Rounds; i++)
        {
            var (leader, before) = await stage.BeWellAsync();
            var (node, lost) = stage.Oldest(before);
            var relay = await stage.Fleet.Processes.RelayAsync(node.Name, CancellationToken.None);
            var from = stage.Fleet.Clock.Now;
            stage.Coordinators.Process(leader).Send(Signal.Kill);
            node.Agent.Send(Signal.Kill);
            ChildProcess.Send(relay, Signal.Kill);
            var gap = await stage.Coordinators.NextTermAsync(before.Version.Term, from, stage.Coordinators.Others(leader));
            await Task.Delay(EtcdFleet.FailoverMax + TimeSpan.FromMilliseconds(700));
            var stall = stage.StallMs(before.Vips.Keys.Except(lost), from);
            var outage = stage.Fleet.LongestOutage(lost, from, stage.Fleet.Clock.Now).TotalMilliseconds;
            var story = $"{node.Name} and its leader killed: VIPs out for {outage:0} ms, gap {gap.TotalMilliseconds:0} ms, "
                + $"the machine stood still for {stall:0} ms";
            (outage - stall).ShouldBeInRange(1, (EtcdFleet.FailoverMax + gap).TotalMilliseconds, $"{story}\n{stage.Fleet.Logs()}");
            Figures.Say(story);
            stage.ReplaceNode();
        }

        await stage.BeWellAsync();
        stage.Fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }

    /// <summary>Whatever was acknowledged is in the journal, in its term.</summary>
    private async Task NothingIsLostAsync()
    {
        var acknowledged = stage.Operator.Calls.Select(call => call.Version).OfType<MapVersion>().ToArray();
        var journal = (await StoredEntry.AllAsync(stage.Etcd)).ToDictionary(entry => entry.Revision, entry => entry.Term);
        acknowledged.Length.ShouldBeGreaterThan(Kills);
        acknowledged.Where(version => journal.GetValueOrDefault(version.Revision) != version.Term).ShouldBeEmpty();
    }

    private static string Story(IReadOnlyCollection<(double GapMs, double StallMs)> gaps) =>
        $"median {EtcdFleet.Median(gaps.Select(each => each.GapMs)):0}, most {gaps.Max(each => each.GapMs):0}; "
        + $"each, and what the machine stood still for: {string.Join(", ", gaps.Select(each => $"{each.GapMs:0} ({each.StallMs:0})"))}";
}
