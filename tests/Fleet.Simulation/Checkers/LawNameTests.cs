namespace Fleet.Simulation.Checkers;

public sealed class LawNameTests
{
    [Theory]
    [InlineData("VIP 10.0.0.7 is served by adc-1 and by adc-12 at 3123.004 ms.", "VIP # is served by # and by # at # ms")]
    [InlineData("After 150 s of quiet: VIPs are spread 3, 4, 2.", "After # s of quiet: VIPs are spread #")]
    [InlineData("VIP 10.0.0.7 of adc-1 has the standbys [adc-2, adc-3].", "VIP # of # has the standbys #")]
    [InlineData("VIP 10.0.0.7 of adc-1 has the standbys [adc-2].", "VIP # of # has the standbys #")]
    [InlineData("Something broke: System.IO.IOException: no\n   at Here() in Here.cs:line 7", "Something broke: System.IO.IOException: no")]
    [InlineData("After 150 s of quiet: there is no leader.", "After # s of quiet: there is no leader")]
    public void Numbers_and_names_are_left_out(string law, string name) => LawName.Spell(law).ShouldBe(name);

    [Fact]
    public void Two_laws_have_two_names() =>
        LawName.Spell("After 150 s of quiet: adc-1 is not up in the map.")
            .ShouldNotBe(LawName.Spell("After 150 s of quiet: adc-1 is silent in the map."));
}
