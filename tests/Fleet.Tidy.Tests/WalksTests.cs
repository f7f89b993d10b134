using Xunit.Abstractions;

namespace Fleet.Tidy.Tests;

/// <summary>The walks of docs/ARCHITECTURE.md lead through code that is there, and through no more of it than somebody can read.</summary>
public sealed class WalksTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, HouseFile> Sources =
        House.Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)).ToDictionary(file => file.Path);

    private static readonly ILookup<string, string> Functions = Walks.Functions(Sources);

    private static readonly IReadOnlyList<Walk> All = Walks.Read(House.Find("docs/ARCHITECTURE.md").ShouldNotBeNull().Text);

    [Fact]
    public void Every_walk_exists()
    {
        All.Select(walk => walk.Name).ShouldBe(["a lost heartbeat", "a DNS query", "service apply", "a backend's verdict"]);
        var mistakes = All.SelectMany(walk => Walks.Mistakes(walk, Sources)).ToArray();
        mistakes.ShouldBeEmpty(string.Join('\n', mistakes));
    }

    [Theory]
    [InlineData("a lost heartbeat", 35)]
    [InlineData("a DNS query", 30)]
    [InlineData("service apply", 30)]
    [InlineData("a backend's verdict", 30)]
    public void Walks_enter_few_files(string name, int most)
    {
        var entered = Walks.Entered(All.Single(walk => walk.Name == name), Sources, Functions);
        output.WriteLine($"{name} enters {entered.Count} files:");
        foreach (var file in entered)
            output.WriteLine($"  {file}");
        entered.Count.ShouldBeLessThanOrEqualTo(most, string.Join('\n', entered));
    }

    [Fact]
    public void Missing_files_and_functions_are_seen()
    {
        var source = new HouseFile("src/Fleet.X/One.cs", "namespace Fleet.X;\nclass One\n{\n    void Go() => Stop();\n}\n");
        var sources = new Dictionary<string, HouseFile> { [source.Path] = source };
        var walk = Walks.Read("""
            ## Walk: a test
            | what | file | function |
            |---|---|---|
            | it goes | `Fleet.X/One.cs` | `Go` |
            | it stops | `Fleet.X/One.cs` | `Stop` |
            | it is gone | `Fleet.X/Two.cs` | `Go` |
            ## Other
            """).Single();
        Walks.Mistakes(walk, sources).ShouldBe(["a test: src/Fleet.X/One.cs has no function Stop", "a test: there is no src/Fleet.X/Two.cs"]);
    }

    [Fact]
    public void Functions_that_a_step_calls_are_entered()
    {
        HouseFile[] files =
        [
            new(
                "src/Fleet.X/One.cs",
                "namespace Fleet.X;\nclass One\n{\n    (int, int) Go(int x = 1) => Two.Stop(near.Rest());\n    void No() => Three.Halt();\n}\n"),
            new("src/Fleet.X/Two.cs", "namespace Fleet.X;\nstatic class Two\n{\n    static (int, int) Stop(int x) => (x, x);\n}\n"),
            new("src/Fleet.X/Three.cs", "namespace Fleet.X;\nstatic class Three\n{\n    static void Halt()\n    {\n    }\n}\n"),
            new("src/Fleet.X/Near.cs", "namespace Fleet.X;\nclass Near\n{\n    int Rest() => 1;\n}\n"),
            new("src/Fleet.Y/Near.cs", "namespace Fleet.Y;\nclass Near\n{\n    int Rest() => 1;\n}\n"),
        ];
        var sources = files.ToDictionary(file => file.Path);
        Walks.Entered(new Walk("a test", [new WalkStep("src/Fleet.X/One.cs", "Go")]), sources, Walks.Functions(sources))
            .ShouldBe(["src/Fleet.X/Near.cs", "src/Fleet.X/One.cs", "src/Fleet.X/Two.cs"]);
    }
}
