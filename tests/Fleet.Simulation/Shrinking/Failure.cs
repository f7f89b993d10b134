using Fleet.Simulation.Checkers;
using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Shrinking;

/// <summary>How a world went wrong.</summary>
/// <param name="Name">Of the law: equal in all worlds that break it.</param>
/// <param name="Law">As it was broken in this world.</param>
/// <param name="At">The moment of true time when it was found.</param>
public sealed record Failure(string Name, string Law, TimeSpan At)
{
    public static Failure From(CheckFailedException e) => new(e.Name, e.Law, e.At);
}

/// <summary>A plan that fails, and how.</summary>
public sealed record Found(FaultPlan Plan, Failure Failure);

/// <summary>Plays plans.</summary>
public interface ITrials
{
    /// <summary>There is no time left: nothing is played any more.</summary>
    bool IsOver { get; }

    /// <summary>The first of them that breaks the law of that name; null when none does, or when there is no time left.</summary>
    (int Index, Failure Failure)? First(IReadOnlyList<FaultPlan> plans, string name);
}
