namespace Fleet.Tidy.Tests;

/// <summary>Every rule sees what it is for, and lets pass what only looks like it.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("async void Go() { }", true)]
    [InlineData("{ Thread.Sleep(1); }", true)]
    [InlineData("var now = DateTime.UtcNow;", true)]
    [InlineData("var now = DateTimeOffset.Now;", true)]
    [InlineData("{ Task.Run(Go); }", true)]
    [InlineData("_ = Task.Run(Go);", true)]
    [InlineData("if (late)\n    Task.Run(Go);", true)]
    [InlineData("await Task.Run(Go);", false)]
    [InlineData("running = Task.Run(Go);", false)]
    [InlineData("Task Start() =>\n    Task.Run(Go);", false)]
    [InlineData("#region Things", true)]
    [InlineData("#pragma warning disable CS0168", true)]
    [InlineData("throw new NotImplementedException();", true)]
    [InlineData("await Go().ConfigureAwait(false);", true)]
    [InlineData("await Go().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);", false)]
    [InlineData("// never Thread.Sleep", false)]
    [InlineData("var text = \"DateTime.UtcNow\";", false)]
    [InlineData("var text = $\"{DateTime.UtcNow}\";", false)]
    public void Forbidden_words(string code, bool isOffence) => Offences(SourceRules.ForbiddenWords(Source(code)), isOffence);

    [Theory]
    [InlineData("class MapFeed;", true)]
    [InlineData("class DemandTelling;", true)]
    [InlineData("// its watchers agree", true)]
    [InlineData("VipPhase.Quiet", true)]
    [InlineData("new FileSystemWatcher(folder)", false)]
    [InlineData("KeyWatcher", false)]
    [InlineData("// telling apart, a quiet moment, a pbm watch", false)]
    public void Words_of_our_own(string code, bool isOffence) => Offences(FieldWords.Old(Source(code)), isOffence);

    [Theory]
    [InlineData("class StoreManager;", true)]
    [InlineData("static class PathUtils;", true)]
    [InlineData("record struct CommonName(int X);", true)]
    [InlineData("class Store;", false)]
    [InlineData("// a class Helper", false)]
    public void Vague_type_names(string code, bool isOffence) => Offences(SourceRules.TypeNames(Source(code)), isOffence);

    [Theory]
    [InlineData("Runbook.Shows(\"disk-full\", text);", false)]
    [InlineData("Runbook.Shows(\n  \"disk-full\", text);", false)]
    [InlineData("Runbook.Shows(\"disk\", text);", true)]
    public void Messages_of_the_runbook_that_no_test_shows(string code, bool isOffence) =>
        Offences(RunbookRules.Untested(new HouseFile("docs/RUNBOOK.md", "```seen disk-full\nfull\n```\n"), [Source(code)]), isOffence);

    [Fact]
    public void Long_files()
    {
        Offences(SourceRules.Length(Source(new string('\n', 301))), true);
        Offences(SourceRules.Length(Source(new string('\n', 300))), false);
    }

    [Fact]
    public void Long_lines()
    {
        Offences(SourceRules.LineWidth(Source($"// {new string('x', 148)}")), true);
        Offences(SourceRules.LineWidth(Source($"// {new string('x', 147)}\n")), false);
    }

    [Theory]
    [InlineData("class A\n{\n    void Go(int x = 3)\n    {\n#    }\n}", 57, false)]
    [InlineData("class A\n{\n    void Go(int x = 3)\n    {\n#    }\n}", 58, true)]
    [InlineData("class A\n{\n    int Go() => x switch\n    {\n#    };\n}", 58, true)]
    [InlineData(
        "class A\n{\n    class B\n    {\n        [Fact]\n        B()\n        {\n            if (x) { y(); }\n#        }\n    }\n}",
        60,
        true)]
    [InlineData("class A\n{\n    int[] Table = [\n#    ];\n    void Short() { }\n}", 100, false)]
    [InlineData("class A\n{\n    int P { get; } = new[] {\n#    }.Length;\n    void Short() { }\n}", 100, false)]
    [InlineData("class A\n{\n    void One() { }\n#    void Two() { }\n}", 100, false)]
    public void Long_functions(string code, int fillers, bool isOffence)
    {
        var filler = code.Contains("One()", StringComparison.Ordinal) ? "    void F() { }\n" : "        // {\n";
        Offences(
            SourceRules.FunctionLength(Source(code.Replace("#", string.Concat(Enumerable.Repeat(filler, fillers)), StringComparison.Ordinal))),
            isOffence);
    }

    [Theory]
    [InlineData("src/Fleet.Node/Core/A.cs", "namespace Fleet.Node.Core;", false)]
    [InlineData("src/Fleet.Node/Core/A.cs", "namespace Fleet.Node;", true)]
    [InlineData("src/Fleet.Node/Core/A.cs", "class A;", true)]
    [InlineData("src/Fleet.Node/Program.cs", "return 0;", false)]
    [InlineData("tests/Fleet.Node.Tests/A.cs", "namespace Fleet.Node.Tests;", false)]
    public void Namespaces_that_are_not_their_folder(string path, string code, bool isOffence) =>
        Offences(SourceRules.Namespace(new HouseFile(path, code)), isOffence);

    [Theory]
    [InlineData("public sealed record A(int B);", true)]
    [InlineData("\npublic readonly record struct A;", true)]
    [InlineData("/// <summary>Law.</summary>\n\npublic enum A;", true)]
    [InlineData("/// <summary>Law.</summary>\npublic enum A;", false)]
    [InlineData("/// <summary>Law.</summary>\n[Attribute(\n    1)]\npublic static partial class A;", false)]
    [InlineData("internal class A\n{\n    public class B;\n}", false)]
    public void Undocumented_types(string code, bool isOffence) => Offences(SourceRules.DocComments(Source(code)), isOffence);

    [Theory]
    [InlineData("a \nb", true)]
    [InlineData("a\tb", true)]
    [InlineData("a\nb\n", false)]
    public void Stray_whitespace(string text, bool isOffence) => Offences(TextRules.Whitespace(Source(text)), isOffence);

    [Theory]
    [InlineData("// TODO: later", true)]
    [InlineData("FIXME", true)]
    [InlineData("mastodon", false)]
    public void Left_overs(string text, bool isOffence) => Offences(TextRules.LeftOver(Source(text)), isOffence);

    [Theory]
    [InlineData("cd /work/here", true)]
    [InlineData("\"/root\"", true)]
    [InlineData("the /root folder", true)]
    [InlineData("net/work/flow", false)]
    [InlineData("/workers/1", false)]
    [InlineData("/rooted", false)]
    public void Paths_of_one_machine(string text, bool isOffence) => Offences(TextRules.MachinePaths(Source(text)), isOffence);

    [Theory]
    [InlineData("[a](docs/here.md)", false)]
    [InlineData("[a](docs/here.md#part)", false)]
    [InlineData("[a](#part)", false)]
    [InlineData("[a](https://example.org/x)", false)]
    [InlineData("[a](docs/gone.md)", true)]
    [InlineData("![picture](gone.svg)", true)]
    [InlineData("```\n[a](gone)\n```\n", false)]
    public void Dead_links(string text, bool isOffence) =>
        Offences(TextRules.Links(new HouseFile("README.md", text), path => path == "docs/here.md"), isOffence);

    [Theory]
    [InlineData("run `./fleet demo --once`", false)]
    [InlineData("run `./fleet check`", false)]
    [InlineData("run `./fleet help`", false)]
    [InlineData("run `./fleet dance`", true)]
    public void Verbs_the_script_has_not(string text, bool isOffence) =>
        Offences(
            TextRules.Verbs(new HouseFile("README.md", text), "case $1 in\n  demo) demo ;;\n  test|check) run ;;\n  \"\"|help) usage ;;\nesac\n"),
            isOffence);

    [Theory]
    [InlineData("src/Fleet.Node/Fleet.Node.csproj", "Fleet.Shared", "", false)]
    [InlineData("src/Fleet.Node/Fleet.Node.csproj", "Fleet.Coordinator", "", true)]
    [InlineData("src/Fleet.Shared/Fleet.Shared.csproj", "Fleet.Shared", "", true)]
    [InlineData("tests/Fleet.Simulation/Fleet.Simulation.csproj", "Fleet.Coordinator", "", false)]
    [InlineData("tests/Fleet.X.Tests/Fleet.X.Tests.csproj", "Fleet.Coordinator", "", true)]
    [InlineData("tests/Fleet.X.Tests/Fleet.X.Tests.csproj", "Fleet.Coordinator", "ReferenceOutputAssembly=\"false\"", false)]
    public void Projects_that_know_too_much(string path, string other, string attribute, bool isOffence)
    {
        var text = $"<Project><ItemGroup><ProjectReference Include=\"../{other}/{other}.csproj\" {attribute}/><ProjectReference "
            + $"Include=\"../../src/Fleet.Node/Fleet.Node.csproj\" /></ItemGroup></Project>";
        if (path.StartsWith("src/", StringComparison.Ordinal))
            text = $"<Project><ItemGroup><ProjectReference Include=\"../{other}/{other}.csproj\" /></ItemGroup></Project>";
        Offences(ReferenceRules.Projects(new HouseFile(path, text)), isOffence);
    }

    [Theory]
    [InlineData("src/Fleet.Node/Fleet.Node.csproj", "PrivateAssets=\"all\"", true)]
    [InlineData("src/Fleet.Node/Fleet.Node.csproj", "PrivateAssets=\"all\" Publish=\"true\"", false)]
    [InlineData("src/Fleet.Node/Fleet.Node.csproj", "", false)]
    [InlineData("tests/Fleet.X.Tests/Fleet.X.Tests.csproj", "PrivateAssets=\"all\"", false)]
    public void Packages_that_are_not_published(string path, string attributes, bool isOffence) => Offences(
        ReferenceRules.PrivatePackages(
            new HouseFile(path, $"<Project><ItemGroup><PackageReference Include=\"X\" {attributes} /></ItemGroup></Project>")),
        isOffence);

    [Theory]
    [InlineData("src/Fleet.Node/Core/A.cs", "using Fleet.Shared.Map;", false)]
    [InlineData("src/Fleet.Node/Core/A.cs", "using System.Collections.Immutable;", false)]
    [InlineData("src/Fleet.Node/Core/A.cs", "using Fleet.Node.Checks;", true)]
    [InlineData("src/Fleet.Node/Core/A.cs", "using Fleet.Shared.Shell;", true)]
    [InlineData("src/Fleet.Node/Core/A.cs", "using System.IO;", true)]
    [InlineData("src/Fleet.Node/Core/A.cs", "using Microsoft.Extensions.Logging;", true)]
    [InlineData("src/Fleet.Node/Checks/A.cs", "using Microsoft.Extensions.Logging;", false)]
    [InlineData("src/Fleet.Shared/Shell/A.cs", "using System.IO;", false)]
    public void Impure_imports(string path, string code, bool isOffence)
    {
        var folders = ReferenceRules.PureFolders(
            "[src/Fleet.Shared/**.cs]\ndotnet_diagnostic.RS0030.severity = error\n[src/Fleet.Shared/Shell/**.cs]\ndotnet_diagnostic.RS0030.severity "
            + "= none\n"
            + "[src/Fleet.Node/{Core,Gslb/Answering}/**.cs]\ndotnet_diagnostic.RS0030.severity = error\n");
        folders.Count.ShouldBe(4);
        Offences(ReferenceRules.Imports(new HouseFile(path, code), folders), isOffence);
    }

    [Theory]
    [InlineData("src/Fleet.Placement/Proof/A.cs", "using Fleet.Placement.Planning;", true)]
    [InlineData("src/Fleet.Placement/Proof/A.cs", "var plan = Planning.Planner.Plan(problem);", true)]
    [InlineData("src/Fleet.Placement/Proof/A.cs", "using Fleet.Placement.Model; // of Planning.", false)]
    [InlineData("src/Fleet.Placement/Planning/A.cs", "namespace Fleet.Placement.Planning;", false)]
    public void A_proof_that_knows_the_planner(string path, string code, bool isOffence) =>
        Offences(ReferenceRules.ProofKnowsThePlanner(new HouseFile(path, code)), isOffence);

    [Theory]
    [InlineData("a // b \" c\nd", "a\nd")]
    [InlineData("a /* b\n */ c", "a\nc")]
    [InlineData("a('\"'); b(\"x\\\"y\"); c", "a();b();c")]
    [InlineData("@\"\"\"b\" + c", "+c")]
    [InlineData("@\"\\\" + c", "+c")]
    [InlineData("$\"{f(\"}\")}\" + c", "+c")]
    [InlineData("$\"{{{x}}}\" + c", "+c")]
    [InlineData("\"\"\"a\" // b\"\"\" + c", "+c")]
    [InlineData("f(\"\"); c", "f();c")]
    public void Comments_and_strings_are_no_code(string text, string code)
    {
        var blanked = CodeOnly.Strip(text);
        blanked.Replace(" ", "", StringComparison.Ordinal).ShouldBe(code);
        blanked.Length.ShouldBe(text.Length);
    }

    private static HouseFile Source(string text) => new("src/Fleet.Node/Core/A.cs", text);

    private static void Offences(IEnumerable<string> offences, bool isOffence) => offences.Any().ShouldBe(isOffence);
}
