namespace Fleet.Simulation.Playing;

/// <summary>What a run plays.</summary>
/// <param name="Minutes">Simulated, of each world.</param>
/// <param name="Faults">Only these kinds; all when it is empty.</param>
/// <param name="Nodes">In each world; by chance when it is null.</param>
public sealed record SimOptions(int From, int Seeds, double Minutes, IReadOnlyCollection<string> Faults, int? Nodes)
{
    /// <summary>The command that plays one of these worlds again.</summary>
    public string Replay(int seed) =>
        $"./fleet sim --seed {seed} --minutes {Minutes.ToString(System.Globalization.CultureInfo.InvariantCulture)}"
        + (Faults.Count == 0 ? "" : $" --faults {string.Join(',', Faults)}") + (Nodes is { } nodes ? $" --nodes {nodes}" : "") + " --trace";
}
