using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Fleet.Simulation.Stories;

/// <summary>
/// Every story is told again and must end as it was recorded. <c>FLEET_REWRITE_GOLDEN=1</c> records what is said now: look at the difference.
/// </summary>
public sealed class StoryTests
{
    public static TheoryData<string> All => [.. Names()];

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
            now.Split('\n')
                .ShouldBe(
                    recorded.Split('\n'),
                    $"Look at it, and if it is right: FLEET_REWRITE_GOLDEN=1 dotnet test tests/Fleet.Simulation --filter {nameof(StoryTests)}");
    }

    [Fact]
    public void Every_story_has_its_place_in_the_reading_order()
    {
        var order = File.ReadAllText(Path.Combine(Folder(), "../../../docs/TESTING.md"));
        Names().Where(name => !Regex.IsMatch(order, $@"(\| |, ){name}(,| \|)", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .ShouldBeEmpty("Name it in docs/TESTING.md, section Stories.");
    }

    private static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder(), "*.story").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
