using System.Globalization;
using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Playing;

/// <summary>What a run plays.</summary>
/// <param name="Minutes">Simulated, of each world.</param>
/// <param name="Faults">Only these kinds; all when it is empty.</param>
/// <param name="Nodes">In each world; by chance when it is null.</param>
/// <param name="Coordinators">Likewise.</param>
public sealed record SimOptions(int From, int Seeds, double Minutes, IReadOnlyCollection<string> Faults, int? Nodes, int? Coordinators = null)
{
    public FaultPlan Plan(int seed) => Swarm.Plan(seed, Minutes, Faults, Nodes, Coordinators);

    /// <summary>What <c>./fleet sim</c> is told to play one of these worlds again.</summary>
    public string Arguments(int seed) =>
        string.Create(CultureInfo.InvariantCulture, $"--seed {seed} --minutes {Minutes}")
        + (Faults.Count == 0 ? "" : $" --faults {string.Join(',', Faults)}") + (Nodes is { } nodes ? $" --nodes {nodes}" : "")
        + (Coordinators is { } coordinators ? $" --coordinators {coordinators}" : "");

    /// <summary>How a failure is told: what it was, of which commit, and what to type next.</summary>
    public string Failure(int seed, string law) =>
        $"""
        Seed {seed} fails: {law}
            Commit:  {Commit.Here}
            Again:   ./fleet sim {Arguments(seed)} --trace
            Smaller: ./fleet sim {Arguments(seed)} --shrink
        """;
}
