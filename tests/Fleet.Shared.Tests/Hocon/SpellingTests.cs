using System.Text.Json;
using Fleet.Shared.Hocon;
using Fleet.Shared.Shell;

namespace Fleet.Shared.Tests.Hocon;

/// <summary>
/// Spellings/CASE/*.conf are different ways to write one document, expected.json; parts/ holds what they include, `environment` what the environment
/// says.
/// </summary>
public sealed class SpellingTests
{
    public static TheoryData<string, string> Spellings()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in Directory.GetFiles(TestFiles.Folder("Spellings"), "*.conf", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "expected.json")))
                data.Add(Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileName(file));
        return data;
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Spelling_means_the_expected_document(string folder, string file)
    {
        var path = Path.Combine(TestFiles.Folder("Spellings"), folder);
        var errors = new List<ConfigError>();

        var value = new HoconDocument(new HoconFiles(), errors).File(Path.Combine(path, file)).Resolve(Environment(path).GetValueOrDefault);

        errors.ShouldBeEmpty();
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "expected.json")));
        using var actual = JsonDocument.Parse(HoconJson.Render(value));
        JsonElement.DeepEquals(actual.RootElement, expected.RootElement).ShouldBeTrue(HoconJson.Render(value));
    }

    [Fact]
    public void There_are_at_least_sixty_documents() =>
        Directory.GetDirectories(TestFiles.Folder("Spellings")).Length.ShouldBeGreaterThanOrEqualTo(60);

    static Dictionary<string, string?> Environment(string folder)
    {
        var file = Path.Combine(folder, "environment");
        return !File.Exists(file) ? [] : File.ReadAllLines(file).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => (string?)l[1]);
    }
}
