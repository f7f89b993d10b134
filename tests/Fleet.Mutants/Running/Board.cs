using System.Collections.Concurrent;
using System.Diagnostics;
using Fleet.Mutants.Telling;
using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Running;

/// <summary>All that was found out.</summary>
/// <param name="NotRun">For which there was no time.</param>
public sealed record Findings(IReadOnlyList<Verdict> Verdicts, IReadOnlyList<Mutant> NotRun, IReadOnlyCollection<string> Unsteady, TimeSpan Took)
{
    public IEnumerable<Verdict> Survivors => Verdicts.Where(verdict => verdict.Caught is null);

    public bool IsClean => NotRun.Count == 0 && !Survivors.Any();
}

/// <summary>Weaves, builds, and tries every mutant, several at a time.</summary>
public sealed class Board(Checkout checkout, Catalogue catalogue, Arguments arguments)
{
    public async Task<Findings> RunAsync(IReadOnlyList<Mutant> mutants, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(checkout.Logs);
        foreach (var old in Directory.EnumerateFiles(checkout.Logs))
            File.Delete(old);
        var stages = new Stages(checkout, arguments.Stages, arguments.Seeds, Math.Max(1, Environment.ProcessorCount / arguments.Jobs));
        string[] projects = [.. mutants.SelectMany(stages.ForMutant).Select(at => at.Run.Project).Distinct().Order(StringComparer.Ordinal)];
        Progress.Say($"Weaving {catalogue.Mutants.Count} mutants and building {projects.Length} test projects ...");
        WovenTree.Write(checkout, catalogue.Woven(checkout));
        await WovenBuild.RunAsync(checkout.Woven, projects, cancellation);
        var hosts = new HostProcess(checkout);
        hosts.Install(projects);
        Progress.Say(
            $"Built after {Progress.Seconds(Stopwatch.GetElapsedTime(began))}. Trying {mutants.Count} mutants, {arguments.Jobs} at a time ...");
        return await TryAsync(mutants, hosts, stages, began, cancellation);
    }

    private async Task<Findings> TryAsync(IReadOnlyList<Mutant> mutants, HostProcess hosts, Stages stages, long began, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(arguments.MinutesMax);
        var control = new Control(hosts, bounded.Token);
        var trial = new Trial(hosts, control, stages);
        var verdicts = new ConcurrentDictionary<string, Verdict>();
        var progress = new Progress(mutants.Count);
        try
        {
            await Parallel.ForEachAsync(
                mutants, new ParallelOptions { MaxDegreeOfParallelism = arguments.Jobs, CancellationToken = bounded.Token }, async (mutant, token) =>
            {
                var verdict = await trial.RunAsync(mutant, catalogue.NumberOf(mutant), token);
                verdicts[mutant.Id] = verdict;
                progress.Tell(verdict);
            });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Progress.Say($"The {arguments.MinutesMax.TotalMinutes:0} minutes are over.");
        }

        return new Findings(
            [.. mutants.Select(mutant => verdicts.GetValueOrDefault(mutant.Id)).OfType<Verdict>()],
            [.. mutants.Where(mutant => !verdicts.ContainsKey(mutant.Id))],
            control.Unsteady,
            Stopwatch.GetElapsedTime(began));
    }
}
