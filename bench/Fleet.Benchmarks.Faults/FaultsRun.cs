using System.Collections.Immutable;
using Fleet.Benchmarks.Faults.Faults;
using Fleet.Benchmarks.Faults.Judging;
using Fleet.Benchmarks.Faults.World;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Fleet.Testing.Linearizability;

namespace Fleet.Benchmarks.Faults;

/// <summary>One run from the first process to the report.</summary>
internal sealed class FaultsRun(FaultsOptions options, TextWriter progress)
{
    private const int Callers = 4;
    private const int Nodes = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <summary>After somebody was found to be down.</summary>
    private static readonly TimeSpan StrikeAgain = TimeSpan.FromMilliseconds(20);

    private readonly Recorder _recorder = new();
    private readonly Sightings _sightings = new();
    private readonly List<Instant> _leaderKills = [];
    private int _struck;

    public async Task<FaultsReport> RunAsync(CancellationToken cancellation)
    {
        using var log = new FaultLog(options.Folder);
        log.Write($"seed {options.Seed}, {options.Count} faults in {options.Lasts.TotalSeconds:0} s");
        await using var plant = await Plant.StartAsync(options, log, cancellation);
        var callers = Enumerable.Range(1, Callers)
            .Select(i => new Caller(i, options.Seed, plant.Coordinators, _recorder, _sightings))
            .ToArray();
        await LeadsAsync(callers[0], cancellation);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] working =
        [
            .. callers.Select(caller => Task.Run(() => caller.RunAsync(end.Token), CancellationToken.None)),
            .. Enumerable.Range(1, Nodes)
                .Select(i => Task.Run(() => new WatchingNode(i, plant.Coordinators, _sightings).RunAsync(end.Token), CancellationToken.None)),
        ];
        await StrikeAllAsync(plant, log, cancellation);
        var healing = MonotonicClock.System.Now;
        await end.CancelAsync();
        await Task.WhenAll(working);
        await LeadsAsync(callers[0], cancellation);
        var healed = MonotonicClock.System.Now - healing;
        foreach (var caller in callers)
            caller.Settle();
        var report = await JudgeAsync(plant, callers, healed, cancellation);
        foreach (var caller in callers)
            caller.Dispose();
        return report;
    }

    /// <summary>Each fault at its moment, whatever the ones before are doing; returns when all have ended.</summary>
    private async Task StrikeAllAsync(Plant plant, FaultLog log, CancellationToken cancellation)
    {
        var begun = log.Age;
        var striking = new List<Task>();
        var told = TimeSpan.Zero;
        foreach (var fault in FaultMaker.Make(options.Seed, options.Count, options.Lasts, options.Victims))
        {
            var wait = fault.At - (log.Age - begun);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellation);
            striking.Add(StrikeAsync(plant, fault, log, cancellation));
            if (log.Age - told < TellEvery)
                continue;
            told = log.Age;
            await progress.WriteLineAsync(
                $"{told.TotalSeconds,4:0} s: {_struck} faults, term {_sightings.Term}, {_recorder.History.Calls.Length} calls");
        }

        await Task.WhenAll(striking);
    }

    /// <summary>Whom it is to meet may be down, or nobody may lead: it waits until it can strike.</summary>
    private async Task StrikeAsync(Plant plant, Fault fault, FaultLog log, CancellationToken cancellation)
    {
        while (true)
        {
            var leader = _sightings.Leader;
            if (await plant.FindAsync(fault, leader) is not { } victim)
                return;
            if (await victim.StrikeAsync(fault.Kind, fault.Lasts, () => Struck(victim, leader), cancellation))
            {
                log.Write($"{fault} ({victim.Name}) is over");
                return;
            }

            await Task.Delay(StrikeAgain, cancellation);
        }

        void Struck(Victim victim, int leader)
        {
            log.Write($"{fault} ({victim.Name})");
            Interlocked.Increment(ref _struck);
            if (fault.Kind != FaultKind.Kill || victim.Name != $"c{leader}")
                return;
            lock (_leaderKills)
                _leaderKills.Add(MonotonicClock.System.Now);
        }
    }

    private static async Task LeadsAsync(Caller caller, CancellationToken cancellation)
    {
        var since = MonotonicClock.System.Now;
        while (!await caller.ReadAsync())
        {
            if (MonotonicClock.System.Now - since > Patience)
                throw new TimeoutException($"Nobody leads after {Patience.TotalSeconds:0} s.");
            await Task.Delay(5, cancellation);
        }
    }

    private async Task<FaultsReport> JudgeAsync(Plant plant, Caller[] callers, TimeSpan healed, CancellationToken cancellation)
    {
        var heard = _sightings.All;
        var twoLeaders = LeaderJudge.Find(heard);
        var history = HistoryChecker.Check(_recorder.History);
        var gaps = _leaderKills.Select(kill => LeaderJudge.Gap(heard, kill)?.TotalMilliseconds).OfType<double>().Order().ToArray();
        var lacking = plant.ReadModel is { } readModel ? await LackingAsync(readModel, cancellation) : null;
        return new FaultsReport
        {
            Faults = _struck,
            Seed = options.Seed,
            Terms = heard.Select(each => each.Term).Distinct().Count(),
            Commands = callers.Sum(caller => caller.Done),
            Refused = callers.Sum(caller => caller.Refused),
            Unknown = callers.Sum(caller => caller.Unknown),
            Linearizable = history.IsRight,
            TwoLeaders = twoLeaders.Length,
            LeaderGapMsMedian = gaps.Length == 0 ? null : gaps[gaps.Length / 2],
            LeaderGapMsMax = gaps.Length == 0 ? null : gaps[^1],
            HealedMs = healed.TotalMilliseconds,
            ProjectionWrong = lacking,
            Failures =
            [
                .. twoLeaders.Take(10),
                .. history.IsRight ? [] : new[] { $"{history}" },
                .. callers.SelectMany(caller => caller.Wrong).Take(10),
                .. CrashJudge.Alarms(options.Folder),
                .. lacking > 0 ? new[] { $"the projection lacks {lacking} revisions, or has them twice" } : [],
            ],
        };
    }

    /// <summary>Of the revisions up to the newest that anybody was told of; the projection has some seconds to follow.</summary>
    private async Task<int?> LackingAsync(ReadModel readModel, CancellationToken cancellation)
    {
        var newest = _recorder.History.Calls.Max(call => call.Outcome.At?.Revision ?? 0);
        var since = MonotonicClock.System.Now;
        while (true)
        {
            var there = await readModel.RevisionsAsync(cancellation);
            var lacking = RevisionJudge.Wrong(there, newest);
            if (lacking == 0 || MonotonicClock.System.Now - since > Patience)
                return lacking;
            await Task.Delay(200, cancellation);
        }
    }
}
