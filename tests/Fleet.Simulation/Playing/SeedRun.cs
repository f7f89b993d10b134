using System.Collections.Concurrent;
using System.Diagnostics;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Playing;

/// <summary>Plays many worlds, on all cores, and tells how it goes.</summary>
public sealed class SeedRun(SimOptions options, TextWriter output)
{
    private const int Lot = 1000;

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Tally _tally = new();
    private readonly SortedDictionary<int, string> _failures = [];
    private readonly Lock _lock = new();
    private int _played;
    private TimeSpan _told;

    /// <summary>Failures by seed, each with the commands that replay it and make it smaller.</summary>
    public IReadOnlyDictionary<int, string> Failures => _failures;

    /// <summary>Kinds of fault that never struck: what was not tried was not tested.</summary>
    public IReadOnlyList<string> Unstruck { get; private set; } = [];

    public void Run()
    {
        // In lots, and the largest worlds of each first: whoever has one of sixty nodes at the end has it alone.
        var worlds = Enumerable
            .Range(options.From, options.Seeds)
            .Select(options.Plan)
            .Chunk(Lot)
            .SelectMany(lot => lot.OrderByDescending(plan => plan.Settings.Nodes));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(Partitioner.Create(worlds, EnumerablePartitionerOptions.NoBuffering), parallel, Play);
        var kinds = typeof(Fault).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Fault))).Select(KindOf);
        var unstruck = kinds.Where(k => !_tally.Counts.ContainsKey(k) && k is not ("remove" or "declare-down"));
        Unstruck = options.Faults.Count > 0 ? [] : [.. unstruck.Order(StringComparer.Ordinal)];
        output.WriteLine($"Struck and seen: {string.Join(", ", _tally.Counts.Select(c => $"{c.Key} {c.Value}"))}");
    }

    private static string KindOf(Type fault) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Name);

    private void Play(FaultPlan plan)
    {
        var seed = plan.Settings.Seed;
        Tally? tally = null;
        string? failure = null;
        try
        {
            tally = Playing.Play.Run(plan);
        }
        catch (CheckFailedException e)
        {
            failure = options.Failure(seed, e.Law);
        }

        lock (_lock)
        {
            _played++;
            if (tally is not null)
                _tally.Add(tally);
            if (failure is not null)
            {
                _failures.Add(seed, failure);
                output.WriteLine(failure);
            }

            if (_watch.Elapsed - _told < TellEvery && _played < options.Seeds)
                return;
            _told = _watch.Elapsed;
            var speed = _played * options.Minutes * 60 / _watch.Elapsed.TotalSeconds;
            var so = $"{_played} of {options.Seeds} worlds in {_told.TotalSeconds:0} s";
            output.WriteLine($"{so}, {speed:0} simulated seconds a second, {_failures.Count} failed");
        }
    }
}
