using Fleet.Mutants.Running;
using Fleet.Mutants.Telling;
using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Tests;

public sealed class TableTests
{
    private static readonly Mutant One = new("one", "It breaks a | b.", "src/Fleet.Node/A.cs", "a", "(MUTANT || a)", [], "terms.mutant:1");
    private static readonly Findings Found = new(
        [
            new Verdict(One, Stage.Named, "ATests.A", TimeSpan.FromSeconds(1)),
            new Verdict(One with { Id = "two" }, Stage.Simulation, "SeedTests.Any", TimeSpan.FromSeconds(9)),
            new Verdict(One with { Id = "three" }, null, "", TimeSpan.FromSeconds(90)),
        ],
        [],
        [],
        TimeSpan.FromSeconds(100));

    [Fact]
    public void Table_takes_the_place_of_the_one_before_and_nothing_else()
    {
        const string Before = "before\n<!-- mutants: written by ./fleet sim --mutants --write -->\nold\n<!-- /mutants -->\nafter\n";
        var document = Into(Into(Before, Found), Found);
        document.ShouldStartWith("before\n");
        document.ShouldEndWith("<!-- /mutants -->\nafter\n");
        document.ShouldNotContain("old");
        document.ShouldContain("2 of 3 mutants are caught, 1 of them by the simulation alone.\n");
        document.ShouldContain(
            "\n| one | It breaks a \\| b. | ATests.A |\n| two | It breaks a \\| b. | simulation: SeedTests.Any |\n| three | It breaks a \\| b. | "
            + "**nothing** |\n");
    }

    [Fact]
    public void Lines_of_mutants_that_were_not_tried_stay_and_those_of_mutants_that_are_no_more_go()
    {
        var whole = Into("<!-- mutants: written by ./fleet sim --mutants --write -->\n<!-- /mutants -->\n", Found);
        var again = Found with { Verdicts = [new Verdict(One with { Id = "three" }, Stage.Named, "BTests.B", TimeSpan.Zero)] };
        var document = Table.Into(whole, again, [One, One with { Id = "three" }, One with { Id = "four" }]);
        document.ShouldContain("2 of 3 mutants are caught, 0 of them by the simulation alone.\n");
        document.ShouldContain("|\n| one | It breaks a \\| b. | ATests.A |\n| three | It breaks a \\| b. | BTests.B |\n<!--");
    }

    private static string Into(string document, Findings findings) =>
        Table.Into(document, findings, [.. findings.Verdicts.Select(verdict => verdict.Mutant)]);

    [Fact]
    public void Survivor_is_named_with_what_it_breaks_and_the_run_is_not_clean()
    {
        Table.Terminal(Found).ShouldContain("survives: three: It breaks a | b.");
        Found.IsClean.ShouldBeFalse();
        (Found with { Verdicts = [.. Found.Verdicts.Take(2)] }).IsClean.ShouldBeTrue();
        (Found with { Verdicts = [], NotRun = [One] }).IsClean.ShouldBeFalse();
    }

    [Fact]
    public void Document_without_a_place_for_the_table_is_refused() =>
        Should.Throw<MutantsException>(() => Into("nothing here", Found));
}
