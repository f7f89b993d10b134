using System.Net;
using Fleet.Demo.Clients;
using Fleet.Demo.Fleets;
using Fleet.Demo.Processes;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Demo.Scenario;

/// <summary>What to kill with <c>kill -9</c>.</summary>
internal enum Victim
{
    /// <summary>Agent and relay in one moment: the appliance has lost power.</summary>
    Node,

    /// <summary>The agent alone: its relay goes on until the lease ends.</summary>
    Agent,
}

/// <summary>The scripted demo: a fleet under traffic loses a node, heals, and gets a new one.</summary>
internal sealed class OnceRun(FleetProcesses fleet, Victim victim, TextWriter progress, string? failuresPath = null)
{
    private const string Doomed = "adc-2";
    private static readonly TimeSpan Baseline = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeaderGapMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly MonotonicClock _clock = MonotonicClock.System;

    public async Task<OnceReport> RunAsync(CancellationToken cancellation)
    {
        await progress.WriteLineAsync("Starting the fleet ...");
        await fleet.StartAsync(cancellation);
        var nodes = fleet.Nodes.Count;
        var formed = await fleet.Api.UntilAsync(map => FleetApi.IsSettled(map, fleet.Nodes.Count), Patience, "the fleet to form", cancellation);
        var relay = await fleet.RelayAsync(Doomed, cancellation);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var probes = new VipProbes([.. formed.Vips.Keys.Select(v => new IPEndPoint(v.Value, FleetNetwork.ServicePort))], _clock);
        var resolver = new Resolver(() => fleet.DnsServers);
        var traffic = new Traffic(resolver, FleetPlan.ServiceHost, FleetNetwork.ServicePort, _clock);
        var watch = new DnsWatch(() => fleet.DnsServers, FleetPlan.ServiceHost, _clock);
        var clients = Task.WhenAll(probes.RunAsync(stop.Token), traffic.RunAsync(stop.Token), watch.RunAsync(stop.Token));
        await progress.WriteLineAsync(
            $"{formed.Vips.Count} VIPs are served; traffic runs. Killing {(victim == Victim.Node ? "node" : "the agent of")} {Doomed} ...");
        await Task.Delay(Baseline, cancellation);

        var before = await fleet.Api.MapAsync(cancellation);
        var killedAt = _clock.Now;
        fleet.Nodes[Doomed].Agent.Send(Signal.Kill);
        if (victim == Victim.Node)
            ChildProcess.Send(relay, Signal.Kill);
        var healed = await fleet.Api.UntilAsync(IsHealed, Patience, "the fleet to heal", cancellation);
        await Task.Delay(AfterKill, cancellation);
        var quiet = _clock.Now;

        await progress.WriteLineAsync($"Healed at revision {healed.Version.Revision}. A new node joins ...");
        fleet.StartNode($"adc-{nodes + 1}");
        var joined = await fleet.Api.UntilAsync(map => FleetApi.IsSettled(map, nodes), Patience, "the new node to get its share", cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        var leaderKill = fleet.Coordinators.Length > 1 ? await KillLeaderAsync(cancellation) : null;
        await stop.CancelAsync();
        await clients;
        return Report(new Course(before, healed, joined, killedAt, quiet, leaderKill), probes, traffic, watch);
    }

    private async Task<LeaderKill> KillLeaderAsync(CancellationToken cancellation)
    {
        await progress.WriteLineAsync("Killing the coordinator that leads ...");
        var kill = await LeaderKill.CarryOutAsync(fleet, _clock, cancellation);
        // Traffic goes on for as long as a loss would take to show.
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        return kill;
    }

    private static bool IsHealed(FleetMap map) =>
        map.Nodes[NodeName.Parse(Doomed)].Presence == NodePresence.Down
            && map.Vips.Values.All(v => v is { Phase: VipPhase.Serving, Successor: null });

    private OnceReport Report(Course course, VipProbes probes, Traffic traffic, DnsWatch watch)
    {
        var (before, healed, joined, killedAt, quiet, leaderKill) = course;
        var lost = before.Vips.Values.Where(v => v.Owner == NodeName.Parse(Doomed)).Select(v => v.Address.Value).ToArray();
        var outages = lost.ToDictionary(v => v, v => (From: killedAt, Until: Verdicts.Recovered(probes.Samples(v), killedAt, quiet)));
        var requests = traffic.Samples;
        if (failuresPath is not null)
            File.WriteAllLines(
                failuresPath,
                requests.Where(r => !r.IsOk).Select(r => $"{(r.Sent - killedAt).TotalMilliseconds,10:0.0} ms after the kill: {r.Failure}"));
        var live = joined.Nodes.Values.Where(n => n.TakesVips).Select(n => n.Name).ToArray();
        var report = new OnceReport
        {
            Nodes = live.Length,
            Vips = joined.Vips.Count,
            Requests = requests.Count,
            Failed = requests.Count(r => !r.IsOk),
            FailedElsewhere = Verdicts.FailedElsewhere(requests, outages),
            Killed = victim == Victim.Node ? "node" : "agent",
            OutageMs = Ms(before.Vips.Keys.Max(v => Verdicts.Outage(probes.Samples(v.Value), killedAt, quiet))),
            MachineStallMs = Ms(
                before.Vips.Keys.Where(v => !outages.ContainsKey(v.Value)).Max(v => Verdicts.Outage(probes.Samples(v.Value), killedAt, quiet))),
            DnsCleanMs = Ms(watch.LastStale(outages) is { } stale ? stale - killedAt : TimeSpan.Zero),
            MovedVips = Verdicts.Moved(before, healed),
            MovesLowerBound = lost.Length,
            JoinMovedVips = Verdicts.Moved(healed, joined),
            JoinMovesLowerBound = Verdicts.LevelingBound(healed, live),
            DualOwnerMs = Ms(TimeSpan.FromTicks(before.Vips.Keys.Sum(v => Verdicts.DualOwner(probes.Samples(v.Value)).Ticks))),
            LeaderGapMs = leaderKill is null ? null : Ms(leaderKill.Gap),
            Revision = joined.Version.Revision,
            Shortcomings = [],
        };
        return report with { Shortcomings = [.. Shortcomings(report, leaderKill)] };
    }

    private IEnumerable<string> Shortcomings(OnceReport report, LeaderKill? leaderKill)
    {
        var outageMax = victim == Victim.Node ? 600 : 150;
        if (report.OutageMs > outageMax)
            yield return $"a VIP was out for {report.OutageMs} ms, allowed are {outageMax}";
        if (report.DualOwnerMs > 0)
            yield return $"two nodes answered for one VIP for {report.DualOwnerMs} ms";
        if (report.FailedElsewhere > 0)
            yield return $"{report.FailedElsewhere} requests failed that had nothing to do with the dead node";
        if (report.MovedVips != report.MovesLowerBound)
            yield return $"{report.MovedVips} VIPs moved on the kill, {report.MovesLowerBound} had to";
        if (report.JoinMovedVips > report.JoinMovesLowerBound * 1.05)
            yield return $"{report.JoinMovedVips} VIPs moved on the join, {report.JoinMovesLowerBound} had to";
        if (leaderKill?.Gap > LeaderGapMax)
            yield return $"nobody led for {report.LeaderGapMs} ms after the leader was killed, allowed are {LeaderGapMax.TotalMilliseconds}";
        if (leaderKill?.MovedVips > 0)
            yield return $"{leaderKill.MovedVips} VIPs moved when the leader was killed";
        if (report.Requests == 0)
            yield return "no request was made";
    }

    private static double Ms(TimeSpan span) => Math.Round(span.TotalMilliseconds, 1);

    /// <summary>The maps and moments that the figures are read from.</summary>
    private sealed record Course(FleetMap Before, FleetMap Healed, FleetMap Joined, Instant KilledAt, Instant Quiet, LeaderKill? LeaderKill);
}
