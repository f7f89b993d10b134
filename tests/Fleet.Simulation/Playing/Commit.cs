using System.Reflection;

namespace Fleet.Simulation.Playing;

/// <summary>What this program was built from, as far as the build knew.</summary>
public static class Commit
{
    /// <summary>Such as <c>8e3eb503de20 (with local changes)</c>.</summary>
    public static string Here { get; } = Text(
        typeof(Commit).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        typeof(Commit).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(a => a.Key == "LocalChanges"));

    /// <param name="version">As the SDK writes it: <c>1.0.0+commit</c>; without the commit, where git was not there.</param>
    public static string Text(string? version, bool isChanged)
    {
        var parts = version?.Split('+') ?? [];
        return parts is [_, { Length: > 0 } commit] ? commit[..Math.Min(12, commit.Length)] + (isChanged ? " (with local changes)" : "") : "unknown";
    }
}
