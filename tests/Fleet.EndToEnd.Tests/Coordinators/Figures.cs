namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>What was measured, for docs/BENCHMARKS.md: appended to the file that FLEET_FIGURES names.</summary>
internal static class Figures
{
    public static void Say(string line)
    {
        if (Environment.GetEnvironmentVariable("FLEET_FIGURES") is { Length: > 0 } file)
            File.AppendAllText(file, $"{line}\n");
    }
}
