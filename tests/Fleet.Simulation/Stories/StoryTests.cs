using System.Runtime.CompilerServices;

namespace Fleet.Simulation.Stories;

/// <summary>Every story is told again and must end as it was recorded. <c>FLEET_REWRITE_GOLDEN=1</c> records what is said now: look at the difference.</summary>
public sealed class StoryTests
{
    public static TheoryData<string> All => [.. Directory.GetFiles(Folder(), "*.story").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void Story_ends_as_it_was_recorded(string name)
    {
        var file = Path.Combine(Folder(), name + ".story");
        var recorded = File.ReadAllText(file);
        var now = new StoryTeller().Tell(recorded);
        if (Environment.GetEnvironmentVariable("FLEET_REWRITE_GOLDEN") == "1")
            File.WriteAllText(file, now);
        else
            now.Split('\n').ShouldBe(recorded.Split('\n'), $"Look at it, and if it is right: FLEET_REWRITE_GOLDEN=1 dotnet test tests/Fleet.Simulation --filter {nameof(StoryTests)}");
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
