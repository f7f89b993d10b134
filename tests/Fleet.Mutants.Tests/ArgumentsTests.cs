using Fleet.Mutants.Running;

namespace Fleet.Mutants.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void Words_of_the_command_line_are_taken()
    {
        var arguments = Arguments.Parse(
            ["--mutants", "--only", "a,b", "--jobs", "2", "--minutes-max", "15", "--seeds", "7", "--with", "named,simulation"]);
        arguments.Only.ShouldBe(["a", "b"]);
        (arguments.Jobs, arguments.Seeds, arguments.MinutesMax).ShouldBe((2, 7, TimeSpan.FromMinutes(15)));
        arguments.Stages.Order().ShouldBe([Stage.Named, Stage.Simulation]);
    }

    [Theory]
    [InlineData("--what")]
    [InlineData("--jobs")]
    [InlineData("--jobs", "0")]
    [InlineData("--with", "luck")]
    public void What_makes_no_sense_is_refused(params string[] words) => Should.Throw<MutantsException>(() => Arguments.Parse(words));
}
