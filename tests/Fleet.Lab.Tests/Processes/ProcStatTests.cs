using Fleet.Lab.Processes;

namespace Fleet.Lab.Tests.Processes;

public sealed class ProcStatTests
{
    private const string Rest = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20";

    [Theory]
    [InlineData("sh")]
    [InlineData("a b")]
    [InlineData(") T 9 (")]
    public void Name_may_hold_anything(string name)
    {
        var stat = ProcStat.Parse($"77 ({name}) S {Rest}").ShouldNotBeNull();
        (stat.Id, stat.Name, stat.State, stat.Parent).ShouldBe((new ProcessId(77, 4242), name, 'S', 1));
    }

    [Theory]
    [InlineData('Z', false)]
    [InlineData('X', false)]
    [InlineData('T', true)]
    public void Dead_ones_that_nobody_has_asked_about_are_dead(char state, bool alive) =>
        ProcStat.Parse($"77 (sh) {state} {Rest}").ShouldNotBeNull().IsAlive.ShouldBe(alive);

    [Theory]
    [InlineData("")]
    [InlineData("77 (sh) S 1 2")]
    [InlineData("x (sh) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 4242")]
    public void Anything_else_is_no_process(string text) => ProcStat.Parse(text).ShouldBeNull();

    [Fact]
    public void This_process_lives_and_one_of_its_number_with_another_start_is_another()
    {
        var mine = ProcStat.Of(Environment.ProcessId).ShouldNotBeNull();
        mine.IsAlive.ShouldBeTrue();
        new LabProcess("me", "here", "x", [], mine.Id.Pid, mine.Id.Start).IsAlive.ShouldBeTrue();
        new LabProcess("me", "here", "x", [], mine.Id.Pid, mine.Id.Start + 1).IsAlive.ShouldBeFalse();
    }
}
