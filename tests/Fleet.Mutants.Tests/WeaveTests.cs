using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Tests;

public sealed class WeaveTests
{
    [Theory]
    [InlineData("if (a < b)", "if (!MUTANT && a < b)", "if (!<1> && a < b) go();")]
    [InlineData("a < b", "(MUTANT || a < b)", "if ((<1> || a < b)) go();")]
    [InlineData("a < b", "(MUTANT ? a <= b : a < b)", "if ((<1> ? a <= b : a < b)) go();")]
    [InlineData("go();", "if (!MUTANT) go();", "if (a < b) if (!<1>) go();")]
    [InlineData("(a", "(MUTANT ? c : a", "if (<1> ? c : a < b) go();")]
    public void Mutant_is_put_around_a_piece_or_into_it(string find, string with, string woven) =>
        Woven("if (a < b) go();", (find, with)).ShouldBe(woven);

    [Fact]
    public void Blanks_and_line_ends_in_the_source_stay_as_they_are() =>
        Woven("call(\n    one,\n    two);", ("call( one,", "call( MUTANT ? three : one,")).ShouldBe("call(\n    <1> ? three : one,\n    two);");

    [Fact]
    public void Piece_of_a_name_is_not_that_name() =>
        Woven("_a(); a(); ab();", ("a()", "(MUTANT || a())")).ShouldBe("_a(); (<1> || a()); ab();");

    [Fact]
    public void Several_mutants_of_one_place_are_put_into_each_other() =>
        Woven("if (a && b) go();", ("a && b", "(MUTANT || a && b)"), ("b", "(!MUTANT && b)"), ("if (a", "if (!MUTANT && a"), ("b", "(MUTANT || b)"))
            .ShouldBe("if (!<3> && (<1> || a && (!<2> && (<4> || b)))) go();");

    [Fact]
    public void All_mistakes_are_said_at_once()
    {
        var thrown = Should.Throw<MutantsException>(
            () => Woven("a && a || b", ("a", "(MUTANT || a)"), ("c", "(MUTANT || c)"), ("b", "MUTANT ? c : d")));
        thrown.Message.ShouldContain("m1: its text stands 2 times");
        thrown.Message.ShouldContain("m2: its text stands 0 times");
        thrown.Message.ShouldContain("m3: what takes the place of 'b' is not that");
    }

    [Fact]
    public void Mutants_that_overlap_or_could_change_each_others_meaning_are_refused()
    {
        Should.Throw<MutantsException>(() => Woven("a && b && c", ("a && b", "(MUTANT || a && b)"), ("b && c", "(MUTANT || b && c)"))).Message
            .ShouldContain("overlap");
        Should.Throw<MutantsException>(() => Woven("a && b", ("a && b", "(MUTANT || a && b)"), ("b", "MUTANT || b"))).Message
            .ShouldContain("parentheses");
    }

    private static string Woven(string text, params (string Find, string With)[] mutants) => Weave.Into(
        text,
        [.. mutants.Select((m, i) => new Mutant($"m{i + 1}", "Why.", "src/Fleet.Node/A.cs", m.Find, m.With, [], $"test.mutant:{i + 1}"))],
        mutant => $"<{mutant.Id[1..]}>");
}
