using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Tests;

public sealed class CatalogueTextTests
{
    [Fact]
    public void Entry_is_read_with_its_values_over_several_lines()
    {
        var mutant = CatalogueText.Read("terms.mutant", """
            # For people.

            mutant old-map
            why    A node follows
                   an older map.
            file   src/Fleet.Node/Core/Reactor.cs
            find   if (next < last)
                       return;
            with   if (!MUTANT && next < last)
                       return;
            tests  ReactorTests, LeaseTests
            """).ShouldHaveSingleItem();
        mutant.Id.ShouldBe("old-map");
        mutant.Why.ShouldBe("A node follows an older map.");
        mutant.Find.ShouldBe("if (next < last)\nreturn;");
        mutant.Tests.ShouldBe(["ReactorTests", "LeaseTests"]);
        (mutant.Subject, mutant.Project, mutant.Origin).ShouldBe(("terms", "Fleet.Node", "terms.mutant:3"));
    }

    [Theory]
    [InlineData("why    Before any entry.", "terms.mutant:1: found 'why'")]
    [InlineData("mutant a\nmutant b", "a without 'why'")]
    [InlineData("mutant a\nwhy Once.\nwhy Twice.", "terms.mutant:3: found 'why' twice")]
    [InlineData("mutant Not_kebab\nwhy W.\nfile f\nfind x\nwith MUTANT x", "not in kebab-case")]
    [InlineData("mutant a\nwhy W.\nfile f\nfind x\nwith y", "has no MUTANT")]
    [InlineData("  goes on", "goes on with nothing")]
    public void Mistake_is_said_with_file_line_and_entry(string text, string said) =>
        Should.Throw<MutantsException>(() => CatalogueText.Read("terms.mutant", text)).Message.ShouldContain(said);
}
