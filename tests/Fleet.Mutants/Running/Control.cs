using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fleet.Mutants.Running;

/// <summary>
/// What is to catch mutants passes when none is on, or it says nothing. Each run is made once without a mutant, when it is first needed. A test that
/// fails then, and passes alone, is unsteady on this machine, and is left out from then on.
/// </summary>
public sealed class Control(HostProcess hosts, CancellationToken cancellation)
{
    /// <summary>A mutant's run may take so many times as long as the run without one, and <see cref="LimitMin"/>.</summary>
    private const int Patience = 4;
    private static readonly TimeSpan LimitMin = TimeSpan.FromSeconds(45);

    private readonly ConcurrentDictionary<string, Lazy<Task<TestRun>>> _made = new();
    private readonly ConcurrentBag<string> _unsteady = [];

    public IReadOnlyCollection<string> Unsteady => _unsteady;

    /// <summary>The run, without its unsteady tests and with a limit of its own.</summary>
    /// <exception cref="MutantsException">It does not pass: the whole run is void.</exception>
    public Task<TestRun> JudgedAsync(TestRun run) =>
        _made.GetOrAdd($"{run.Project} {string.Join(' ', run.Only)}", _ => new Lazy<Task<TestRun>>(() => JudgeAsync(run))).Value;

    private async Task<TestRun> JudgeAsync(TestRun run)
    {
        var began = Stopwatch.GetTimestamp();
        var outcome = await hosts.RunAsync(run with { IsWhole = true }, 0, cancellation);
        var limit = (Stopwatch.GetElapsedTime(began) * Patience) + LimitMin;
        var judged = run with { Limit = limit < run.Limit ? limit : run.Limit };
        switch (outcome)
        {
            case Outcome.Passed { Tests: 0 }:
                throw new MutantsException(
                    $"This says nothing: no test of {run.Project} {string.Join(", ", run.Only)} has run. ./fleet setup says what is missing here.");
            case Outcome.Passed:
                return judged;
            case Outcome.Failed failed:
                foreach (var failure in failed.Failures.DistinctBy(f => f.Test))
                {
                    if (await hosts.RunAsync(run with { Only = [failure.Test] }, 0, cancellation) is not Outcome.Passed)
                        throw new MutantsException($"This says nothing: with no mutant on, {failure.Test} of {run.Project} fails: {failure.Why}");
                    _unsteady.Add(failure.Test);
                }

                return judged with { Without = [.. failed.Failures.Select(f => f.Test).Distinct()] };
            default:
                throw new MutantsException(
                    $"This says nothing: with no mutant on, {run.Project} {string.Join(", ", run.Only)} does not come to its end: {outcome}");
        }
    }
}
