using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Fleet.Benchmarks.Storm.Faults;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Benchmarks.Storm.World;
using Fleet.Demo.Clients;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Benchmarks.Storm;

/// <summary>A fleet of processes, its clients, and one episode of faults after the other; after each the fleet must heal.</summary>
internal sealed class StormRun(StormOptions options, TextWriter progress)
{
    /// <summary>Of a calm fleet, with the machine's own stalls taken off.</summary>
    private const double CalmKillMaxMs = 600;

    /// <summary>Nothing is wrong: a VIP that moves by plan is out for a few milliseconds.</summary>
    private const double CalmGapMaxMs = 250;

    /// <summary>A younger process still compiles, and touches pages for the first time.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);
    private const int Looks = 5;

    private readonly MonotonicClock _clock = MonotonicClock.System;
    private readonly CommandBook _book = new();

    /// <summary>All of it runs in turns, one piece at a time; only the clients have the other cores.</summary>
    public Task<StormReport> RunAsync(CancellationToken cancellation)
    {
        var turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        return Task.Factory.StartNew(() => RunFleetAsync(cancellation), CancellationToken.None, TaskCreationOptions.None, turns).Unwrap();
    }

    private async Task<StormReport> RunFleetAsync(CancellationToken cancellation)
    {
        using var log = new StormLog(options.Folder, _clock);
        log.Write($"seed {options.Seed}, {options.Nodes} nodes, {options.Lasts.TotalMinutes:0.##} minutes, faults {string.Join(',', options.Kinds)}");
        await using var fleet = new StormFleet(options.Folder, options.Nodes);
        await fleet.StartAsync(cancellation);
        var formed = await fleet.Api.UntilAsync(map => FleetApi.IsSettled(map, options.Nodes), SettleMax, "the fleet to form", cancellation);
        foreach (var (target, value) in Operator.Found(formed))
            _book.Know(target, value);
        var web = formed.Services.Values.Single();
        var extras = Enumerable.Range(1, EpisodeMaker.Services).ToDictionary(i => $"extra-{i}", i => Extra(web.Vips[0], i));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var machine = new StallWatch(_clock);
        var clients = new VipClients([.. web.Vips, .. extras.Values.SelectMany(vips => vips)], _clock);
        var end = stop.Token;
        var watching = Task.WhenAll(Task.Run(() => clients.RunAsync(end), end), Task.Run(() => machine.RunAsync(end), end));
        using var hand = new Operator(fleet.Api, _book, web, extras, log);
        var injector = new Injector(fleet, hand, _book, log, _clock);
        var storm = new Weather(fleet, clients, machine, hand, injector, new Findings(log), log, [.. web.Vips], _clock.Now);
        try
        {
            var telling = TellAsync(storm, stop.Token);
            await StormAsync(storm, cancellation);
            await stop.CancelAsync();
            await Task.WhenAll(watching, telling);
        }
        catch (TimeoutException e)
        {
            storm.Findings.Fail(e.Message);
        }
        finally
        {
            await stop.CancelAsync();
        }

        return Report(storm);
    }

    private async Task StormAsync(Weather storm, CancellationToken cancellation)
    {
        var maker = new EpisodeMaker(options.Seed, options.Kinds);
        var before = new List<ProcessLook>();
        await Task.Delay(Rest, cancellation);
        var calm = _clock.Now;
        while (_clock.Now - storm.Begun < options.Lasts)
        {
            var living = storm.Fleet.Living;
            var mayKillLeader = _clock.Now - storm.Begun < options.Lasts / 2;
            var episode = maker.Next(
                new Members(living, [.. storm.Fleet.Names.Except(living)], "adc-1", Math.Max(2, options.Nodes - 1), mayKillLeader));
            storm.Log.Write($"-- episode {storm.Findings.Episodes + 1}{(episode.CalmKill ? ", a kill in calm" : "")}");
            if (episode.CalmKill)
            {
                await RestAsync(storm, cancellation);
                before.AddRange((await LookAsync(storm, cancellation)).Where(look => !before.Exists(known => known.Pid == look.Pid)).ToArray());
            }

            JudgeCalm(storm, calm);
            var kill = episode.CalmKill ? await CalmKill.BeginAsync(storm.Fleet, _clock, cancellation) : null;
            await storm.Injector.RunAsync(episode, cancellation);
            if (kill is not null)
                JudgeKill(storm, kill, ((Fault.Kill)episode.Faults[0]).Place.Node);
            await HealAsync(storm, cancellation);
            calm = _clock.Now;
        }

        await RestAsync(storm, cancellation);
        await storm.CheckAsync(cancellation);
        var after = await LookAsync(storm, cancellation);
        JudgeCalm(storm, calm);
        storm.Findings.Grow(GrowthJudge.Growths(before, after));
    }

    private static async Task HealAsync(Weather storm, CancellationToken cancellation)
    {
        var (took, last) = await new HealWait(storm.Fleet, storm.Clients, storm.Machine, storm.Log, MonotonicClock.System).UntilAsync(cancellation);
        storm.Findings.Heal(took, last);
        if (took >= HealWait.Patience)
            throw new TimeoutException("The storm is called off: what comes next would tell nothing");
        await storm.CheckAsync(cancellation);
        await storm.ForgiveAsync(cancellation);
    }

    /// <summary>Every node takes its share, only the one service is there, and nothing moves.</summary>
    private static async Task RestAsync(Weather storm, CancellationToken cancellation)
    {
        await storm.ForgiveAsync(cancellation);
        for (var i = 1; i <= EpisodeMaker.Services; i++)
            await storm.Hand.RemoveAsync($"extra-{i}", cancellation);
        var nodes = storm.Fleet.Living.Length;
        await storm.Fleet.Api.UntilAsync(map => FleetApi.IsSettled(map, nodes), SettleMax, "the fleet to come to rest", cancellation);
        await Task.Delay(Rest, cancellation);
    }

    /// <summary>In a fleet at rest, at processes that have warmed up.</summary>
    private async Task<ImmutableArray<ProcessLook>> LookAsync(Weather storm, CancellationToken cancellation)
    {
        var looks = ImmutableArray.CreateBuilder<ProcessLook>();
        for (var i = 0; i < Looks; i++)
        {
            looks.AddRange(await storm.Fleet.LookAsync(WarmUp, cancellation));
            await Task.Delay(LookEvery, _clock.Time, cancellation);
        }

        return looks.ToImmutable();
    }

    private static void JudgeKill(Weather storm, CalmKill kill, string node)
    {
        if (kill.CostMs(storm.Clients, storm.Web, node) is not { } cost)
            return;
        storm.Findings.CalmKills.Add(cost);
        storm.Log.Write($"a kill in calm cost {cost:0} ms");
        if (cost > CalmKillMaxMs)
            storm.Findings.Fail($"a kill of {node} in a calm fleet cost {cost:0} ms, allowed are {CalmKillMaxMs:0}");
    }

    private void JudgeCalm(Weather storm, Instant from)
    {
        var (vip, gap) = storm.Clients.LongestGap(storm.Web, from, _clock.Now);
        var cost = (gap.Until - gap.From - storm.Machine.Within(gap.From, gap.Until)).TotalMilliseconds;
        if (cost > CalmGapMaxMs)
            storm.Findings.Fail($"{vip} did not answer for {cost:0} ms in calm weather, {After(storm, gap.From)}");
    }

    private async Task TellAsync(Weather storm, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(ProgressEvery, _clock.Time, cancellation);
                var findings = storm.Findings;
                await progress.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"minute {(_clock.Now - storm.Begun).TotalMinutes:0.0}: {storm.Injector.Faults} faults in {findings.Episodes} episodes, ")
                    + $"worst outage {WorstOutageMs(storm):0} ms, healed within {findings.Healed.TotalMilliseconds:0} ms, "
                    + $"{findings.Failures.Length} failures");
            }
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }
    }

    private double WorstOutageMs(Weather storm)
    {
        var (_, gap) = storm.Clients.LongestGap(storm.Web, storm.Begun, _clock.Now);
        return Math.Round((gap.Until - gap.From - storm.Machine.Within(gap.From, gap.Until)).TotalMilliseconds, 1);
    }

    private StormReport Report(Weather storm)
    {
        var duals = storm.Clients.Duals().ToArray();
        foreach (var (vip, dual) in duals)
        {
            var span = $"for {(dual.Until - dual.From).TotalMilliseconds:0} ms, {After(storm, dual.From)}";
            storm.Findings.Fail($"two owners of {vip}: {dual.First} and {dual.Second} {span}");
        }

        var findings = storm.Findings;
        var kills = string.Join(", ", findings.CalmKills.Select(ms => $"{ms:0}"));
        progress.WriteLine($"{findings.CalmKills.Count} kills of a host in calm, ms: {kills}; {_book.Acknowledged} commands acknowledged");
        return new StormReport
        {
            Faults = storm.Injector.Faults,
            DualOwner = duals.Length,
            LostCommands = findings.LostCommands,
            Crashes = findings.Crashes,
            WorstOutageMs = WorstOutageMs(storm),
            HealedMsMax = Math.Round(findings.Healed.TotalMilliseconds),
            RssGrowth = findings.RssGrowth,
            Failures = [.. findings.Failures, .. storm.Injector.Failures, .. storm.Hand.TakenWrongs],
        };
    }

    private static string After(Weather storm, Instant at) => $"{(at - storm.Begun).TotalSeconds:0.000} s after the start";

    private static ImmutableArray<VipAddress> Extra(VipAddress known, int number)
    {
        var bytes = known.Value.GetAddressBytes();
        return [.. from last in Enumerable.Range(100 + (number * 10), 2) select new VipAddress(new IPAddress([.. bytes[..3], (byte)last]))];
    }
}
