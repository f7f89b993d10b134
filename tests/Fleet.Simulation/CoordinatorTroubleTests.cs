using Fleet.Simulation.Faults;
using Fleet.Simulation.Playing;

namespace Fleet.Simulation;

/// <summary>
/// Worlds of three coordinators whose store is slow, silent, ambiguous and away, whose clocks are wrong, and whose leader is deposed, well or not.
/// </summary>
public sealed class CoordinatorTroubleTests
{
    private static readonly string[] Trouble = [.. FaultKinds.OfSeveral, .. FaultKinds.OfEach];

    /// <summary>Operators ask all three of them all the time.</summary>
    [Fact]
    public void Whatever_befalls_coordinators_and_their_store_no_two_acknowledge_and_nothing_is_lost() =>
        Cases.Play(Enumerable.Range(1, 30), seed => Play.Run(Plan(seed, Trouble)));

    /// <summary>An answer that is late by a hundred milliseconds counts from when its question was sent.</summary>
    [Fact]
    public void Slow_store_makes_no_leadership_last_longer() =>
        Cases.Play(Enumerable.Range(1, 15), seed => Play.Run(Plan(seed, ["store-slow", "depose", "coordinator-cut"])));

    private static FaultPlan Plan(int seed, IReadOnlyCollection<string> kinds)
    {
        var plan = Swarm.Plan(seed, 1, kinds, nodes: 3, coordinators: 3);
        return plan with { Settings = plan.Settings with { Operators = 6, ClockPpmMax = 50_000 } };
    }
}
