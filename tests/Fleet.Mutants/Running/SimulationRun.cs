using System.Globalization;

namespace Fleet.Mutants.Running;

/// <summary>How the simulation is asked for so many seeds, and for its stories: the one place that knows.</summary>
public static class SimulationRun
{
    public const string Project = "Fleet.Simulation";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <param name="cores">It plays so many worlds at once.</param>
    public static TestRun Create(int seeds, int cores) => new(Project, [], Limit)
    {
        Environment = new Dictionary<string, string>
        {
            ["FLEET_SEEDS"] = seeds.ToString(CultureInfo.InvariantCulture),
            ["DOTNET_PROCESSOR_COUNT"] = cores.ToString(CultureInfo.InvariantCulture),
        },
    };
}
