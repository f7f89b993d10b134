namespace Fleet.Tidy.Tests;

/// <summary>The rules of the house, held against the house.</summary>
public sealed class HouseTests
{
    /// <summary>These tests speak of what is forbidden.</summary>
    private static readonly IEnumerable<HouseFile> Spoken = House.Files.Where(
        file => !file.Path.StartsWith("tests/Fleet.Tidy.Tests/", StringComparison.Ordinal));

    [Fact]
    public void The_house_is_found() => House.Sources.Count().ShouldBeGreaterThan(50);

    [Fact]
    public void Files_are_short() => Check(House.Sources, SourceRules.Length);

    [Fact]
    public void Lines_are_short() => Check(House.Sources, SourceRules.LineWidth);

    [Fact]
    public void Functions_are_short() => Check(House.Sources, SourceRules.FunctionLength);

    [Fact]
    public void Namespaces_are_folders() => Check(House.Sources, SourceRules.Namespace);

    [Fact]
    public void Types_are_named_for_what_they_are() => Check(House.Sources, SourceRules.TypeNames);

    [Fact]
    public void Forbidden_words_are_not_used() => Check(House.Sources, SourceRules.ForbiddenWords);

    [Fact]
    public void Things_are_called_what_the_field_calls_them() => Check(
        Spoken.Where(file =>
            !file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal)
                && file.Path != "docs/GLOSSARY.md"
                && !file.Path.Contains("/OtherBuild", StringComparison.Ordinal)),
        FieldWords.Old);

    [Fact]
    public void Public_types_have_doc_comments() =>
        Check(House.Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)), SourceRules.DocComments);

    [Fact]
    public void Lines_end_where_they_seem_to() => Check(House.Files.Where(file => !IsSample(file)), TextRules.Whitespace);

    [Fact]
    public void Nothing_is_left_for_later() => Check(Spoken, TextRules.LeftOver);

    [Fact]
    public void Paths_of_one_machine_are_not_written_down() => Check(Spoken, TextRules.MachinePaths);

    [Fact]
    public void Projects_know_only_whom_they_may() =>
        Check(House.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)), ReferenceRules.Projects);

    [Fact]
    public void Packages_are_published_with_the_programs_that_use_them() =>
        Check(House.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)), ReferenceRules.PrivatePackages);

    [Fact]
    public void Pure_code_imports_pure_code()
    {
        var folders = ReferenceRules.PureFolders(House.Find(".editorconfig").ShouldNotBeNull().Text);
        var pure = folders.Where(folder => folder.IsPure).Select(folder => folder.Folder).ToArray();
        var known = new[]
        {
            "src/Fleet.Shared", "src/Fleet.Placement", "src/Fleet.Coordinator/State", "src/Fleet.Coordinator/Ownership",
            "src/Fleet.Coordinator/Core", "src/Fleet.Node/Core", "src/Fleet.Node/Gslb/Answering",
        };
        foreach (var folder in known)
            pure.ShouldContain(folder);
        Check(House.Sources, file => ReferenceRules.Imports(file, folders));
    }

    [Fact]
    public void The_proof_does_not_know_the_planner() => Check(House.Sources, ReferenceRules.ProofKnowsThePlanner);

    [Fact]
    public void Messages_of_the_runbook_are_seen_by_tests() =>
        RunbookRules.Untested(House.Find("docs/RUNBOOK.md").ShouldNotBeNull(), House.Sources).ShouldBeEmpty();

    [Fact]
    public void Links_of_documents_lead_somewhere() => Check(
        House.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)),
        file => TextRules.Links(file, path => Path.Exists(Path.Combine(House.Root, path))));

    [Fact]
    public void Verbs_that_documents_name_are_verbs_of_the_script()
    {
        var documents = House.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));
        Check(documents, file => TextRules.Verbs(file, House.Find("fleet")?.Text ?? ""));
    }

    /// <summary>Samples for parsers hold whatever parsers meet.</summary>
    private static bool IsSample(HouseFile file) =>
        file.Path.StartsWith("tests/", StringComparison.Ordinal) && !file.Path.EndsWith(".cs", StringComparison.Ordinal);

    private static void Check(IEnumerable<HouseFile> files, Func<HouseFile, IEnumerable<string>> rule)
    {
        var offences = files.SelectMany(rule).ToArray();
        offences.ShouldBeEmpty(string.Join('\n', offences));
    }
}
