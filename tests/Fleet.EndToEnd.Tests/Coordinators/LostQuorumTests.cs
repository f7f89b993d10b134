using System.Collections.Immutable;
using Fleet.Demo.Processes;
using Fleet.Demo.Servers;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>Members of etcd are lost: the one that leads its raft group, and two of three.</summary>
[Collection(EtcdFleet.Name)]
public sealed class LostQuorumTests(EtcdFleet stage)
{
    private const int RaftKills = 3;
    private static readonly TimeSpan AcceptedAgainWithin = TimeSpan.FromSeconds(1);

    /// <summary>From when etcd answers again: the leader's right is renewed within a fifth of its validity, then a failover's bound.</summary>
    private static readonly TimeSpan MovedWithin = EtcdFleet.FailoverMax + TimeSpan.FromMilliseconds(400);

    /// <summary>Until a backend that hangs is called down: three checks of 500 ms that wait for 1 s at most.</summary>
    private static readonly TimeSpan CheckedWithin = TimeSpan.FromSeconds(4);

    [StoreFact]
    public async Task Changes_are_accepted_again_within_a_second_when_the_member_is_killed_that_leads_the_raft_group()
    {
        var gaps = new List<double>();
        for (var i = 0; i < RaftKills; i++)
        {
            var (_, before) = await stage.BeWellAsync();
            var member = await stage.Etcd.RaftLeaderAsync(CancellationToken.None);
            var from = stage.Fleet.Clock.Now;
            await member.KillAsync();
            await stage.Operator.AcknowledgedAsync(stage.Fleet.Clock.Now + TimeSpan.FromMilliseconds(500));
            var stall = stage.StallMs(before.Vips.Keys, from);
            gaps.Add(stage.Operator.LongestGap(from, stage.Fleet.Clock.Now).TotalMilliseconds - stall);
            member.Start();
            stage.NobodyNoticed(before, await stage.Fleet.Api.MapAsync(CancellationToken.None), from);
        }

        EtcdFleet.Median(gaps).ShouldBeLessThanOrEqualTo(
            AcceptedAgainWithin.TotalMilliseconds, $"{string.Join(", ", gaps)} ms\n{stage.Fleet.Logs()}");
        Figures.Say($"raft leader killed, ms without an acknowledged change: {string.Join(", ", gaps.Select(gap => $"{gap:0}"))}");
    }

    [StoreFact]
    public Task Two_members_that_are_killed_stop_changes_and_nothing_else() => LoseAsync(
        member => member.KillAsync(),
        member => member.Start(),
        (command, status) =>
        {
            Runbook.Shows("quorum-lost-command", command);
            Runbook.Shows("quorum-lost-status", status);
            Runbook.Shows("quorum-lost-log", stage.Fleet.LogsOf("coordinator"));
        });

    [StoreFact]
    public Task Two_members_that_are_stopped_stop_changes_and_nothing_else() =>
        LoseAsync(member => Done(member.Stop), member => member.Continue(), (_, _) => { });

    private async Task LoseAsync(Func<EtcdMember, Task> loseAsync, Action<EtcdMember> giveBack, Action<string, string> shows)
    {
        var (leader, before) = await stage.BeWellAsync();
        var (node, lost) = stage.Oldest(before);
        var relay = await stage.Fleet.Processes.RelayAsync(node.Name, CancellationToken.None);
        var members = stage.Etcd.Members.Take(2).ToArray();
        var refusals = new Refusals(stage, before.Services[new ServiceName("web")]);
        await refusals.PrepareAsync();
        var from = stage.Fleet.Clock.Now;
        await Task.WhenAll(members.Select(loseAsync));

        await refusals.AskAsync(leader, shows);
        var refused = stage.Fleet.Clock.Now;
        await BackendIsCheckedAsync();
        stage.NobodyNoticed(before, await stage.Fleet.Api.MapAsync(CancellationToken.None), from, refused - TimeSpan.FromMilliseconds(100));

        node.Agent.Send(Signal.Kill);
        ChildProcess.Send(relay, Signal.Kill);
        // A process that is killed may run on for a moment on another core.
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        var killed = stage.Fleet.Clock.Now;
        await Task.Delay(EtcdFleet.FailoverMax);
        var (inOutage, kept) = (stage.Fleet.Clock.Now, before.Vips.Keys.Except(lost).ToArray());
        foreach (var member in members)
            giveBack(member);
        await stage.Etcd.BecomeHealthyAsync(CancellationToken.None);
        var healthy = stage.Fleet.Clock.Now;
        await Task.Delay(MovedWithin + TimeSpan.FromMilliseconds(500));

        var until = stage.Fleet.Clock.Now;
        lost.ShouldAllBe(vip => !stage.Fleet.Probes.Samples(vip.Value).Any(probe => probe.IsOk && probe.Sent > killed && probe.Done < inOutage));
        var back = lost.Max(vip => stage.Fleet.Probes.Samples(vip.Value).Where(probe => probe.IsOk && probe.Sent > killed)
            .Select(probe => probe.Done).DefaultIfEmpty(until).Min());
        var stall = stage.StallMs(kept, from);
        stall.ShouldBeLessThan(1000, $"a VIP that was given up would have been dark for seconds\n{stage.Fleet.Logs()}");
        ((back - healthy).TotalMilliseconds - stall).ShouldBeLessThanOrEqualTo(MovedWithin.TotalMilliseconds, stage.Fleet.Logs());
        Figures.Say($"quorum lost: {refusals}; VIPs of a node that died meanwhile back after {(back - healthy).TotalMilliseconds:0} ms");
        stage.ReplaceNode();
        await stage.BeWellAsync();
        stage.Fleet.DualOwner().ShouldBe(TimeSpan.Zero);
    }

    /// <summary>A backend hangs: each node finds out by itself, and sends nobody there.</summary>
    private async Task BackendIsCheckedAsync()
    {
        var backend = stage.Fleet.Processes.Started.Single(process => process.Name == "backend-3");
        backend.Send(Signal.Stop);
        var stopped = stage.Fleet.Clock.Now;
        await Task.Delay(CheckedWithin + TimeSpan.FromSeconds(1));
        var late = stage.Fleet.Traffic.Samples.Where(request => request.Sent > stopped + CheckedWithin).ToArray();
        backend.Send(Signal.Continue);
        late.Length.ShouldBeGreaterThan(20);
        late.ShouldAllBe(request => request.IsOk);
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
