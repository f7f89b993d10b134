using System.Diagnostics;
using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Running;

/// <summary>What became of a mutant.</summary>
/// <param name="Caught">By which stage; null where nothing has noticed it.</param>
/// <param name="By">The test, or what happened to it.</param>
public sealed record Verdict(Mutant Mutant, Stage? Caught, string By, TimeSpan Took);

/// <summary>Lets one mutant meet everything that may catch it, and stops at the first that does.</summary>
public sealed class Trial(HostProcess hosts, Control control, Stages stages)
{
    /// <summary>So many tests that fail once and then not again are passed over.</summary>
    private const int UnsteadyMax = 5;

    public async Task<Verdict> RunAsync(Mutant mutant, int number, CancellationToken cancellation)
    {
        var took = TimeSpan.Zero;
        foreach (var (stage, wanted) in stages.ForMutant(mutant))
        {
            var run = await control.JudgedAsync(wanted);
            var began = Stopwatch.GetTimestamp();
            var by = await CatchAsync(run, number, cancellation);
            took += Stopwatch.GetElapsedTime(began);
            if (by is not null)
                return new Verdict(mutant, stage, by, took);
        }

        return new Verdict(mutant, null, "", took);
    }

    /// <summary>
    /// What has caught it; null where nothing has. A test has to fail twice: one that fails now and then says nothing of the mutant.
    /// </summary>
    private async Task<string?> CatchAsync(TestRun run, int number, CancellationToken cancellation)
    {
        for (var tries = 0; tries < UnsteadyMax; tries++)
        {
            switch (await hosts.RunAsync(run, number, cancellation))
            {
                case Outcome.Passed:
                    return null;
                case Outcome.Hung:
                    return $"{run.Project} hangs";
                case Outcome.Crashed crashed:
                    return $"{run.Project} ends with {crashed.ExitCode}";
                case Outcome.Failed failed:
                    var test = failed.Failures[0].Test;
                    if (run.IsRepeatable
                        || !test.Contains('.')
                        || await hosts.RunAsync(run with { Only = [test], Without = [] }, number, cancellation) is not Outcome.Passed)
                        return test;
                    run = run with { Without = [.. run.Without, test] };
                    break;
            }
        }

        return null;
    }
}
