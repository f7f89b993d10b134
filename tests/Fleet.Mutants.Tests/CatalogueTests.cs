using Fleet.Mutants.Running;
using Fleet.Mutants.Weaving;

namespace Fleet.Mutants.Tests;

/// <summary>
/// The catalogue fits the sources as they are: whoever changes a line that it breaks hears of it here, and not with the next long run.
/// </summary>
public sealed class CatalogueTests
{
    private static readonly Checkout Here = Checkout.Here();
    private static readonly Catalogue All = Catalogue.Read(Here);

    [Fact]
    public void Every_mutant_still_applies_and_none_is_in_anothers_way() => Should.NotThrow(() => All.Woven(Here));

    [Fact]
    public void There_are_many_and_each_says_in_a_sentence_why_it_matters()
    {
        All.Mutants.Count.ShouldBeGreaterThanOrEqualTo(120);
        foreach (var mutant in All.Mutants)
            (char.IsUpper(mutant.Why[0]) && mutant.Why.EndsWith('.')).ShouldBeTrue($"{mutant.Origin}: {mutant.Why}");
    }

    [Fact]
    public void Tests_that_are_named_are_there()
    {
        var stages = new Stages(Here, new HashSet<Stage> { Stage.Named }, 1, 1);
        foreach (var mutant in All.Mutants)
            Should.NotThrow(() => stages.ForMutant(mutant).ToArray(), mutant.Origin);
    }

    [Fact]
    public void Only_the_product_is_broken() => All.Mutants.ShouldAllBe(mutant => mutant.File.StartsWith("src/"));

    [Fact]
    public void Mutants_are_chosen_by_id_by_the_beginning_of_ids_and_by_subject()
    {
        All.Chosen(["old-term-map-taken"]).Select(m => m.Id).ShouldBe(["old-term-map-taken"]);
        All.Chosen(["old-term"]).Count.ShouldBeGreaterThan(1);
        All.Chosen(["journal"]).ShouldContain(m => m.Id == "checksum-not-looked-at");
        Should.Throw<MutantsException>(() => All.Chosen(["no-such-mutant"])).Message.ShouldContain("no-such-mutant");
    }
}
