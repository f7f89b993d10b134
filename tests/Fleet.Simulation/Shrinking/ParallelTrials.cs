using System.Collections.Concurrent;
using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Shrinking;

/// <summary>Plays worlds on all cores. What comes after the first that fails is given up.</summary>
/// <param name="over">There is no time left.</param>
public sealed class ParallelTrials(CancellationToken over) : ITrials
{
    private int _played;

    public bool IsOver => over.IsCancellationRequested;

    /// <summary>How many worlds were begun.</summary>
    public int Played => Volatile.Read(ref _played);

    public (int Index, Failure Failure)? First(IReadOnlyList<FaultPlan> plans, string name)
    {
        var failures = new Failure?[plans.Count];
        var inOrder = Partitioner.Create(Enumerable.Range(0, plans.Count), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(inOrder, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (index, state, place) =>
        {
            if (IsOver || state.ShouldExitCurrentIteration)
                return;
            Interlocked.Increment(ref _played);
            var failure = Play(plans[index], isGivenUp: () => IsOver || state.LowestBreakIteration < place);
            if (failure?.Name != name)
                return;
            failures[index] = failure;
            state.Break();
        });
        var first = Array.FindIndex(failures, failure => failure is not null);
        return first < 0 ? null : (first, failures[first]!);
    }

    /// <summary>Null when all is well, or it was given up.</summary>
    public static Failure? Play(FaultPlan plan, Func<bool>? isGivenUp = null)
    {
        try
        {
            Playing.Play.Run(plan, isGivenUp: isGivenUp);
            return null;
        }
        catch (CheckFailedException e)
        {
            return Failure.From(e);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
