namespace Fleet.Simulation.Playing;

public sealed class CommitTests
{
    [Theory]
    [InlineData("1.0.0+8e3eb503de208815011578a840b5e1c5af3f2a9c", false, "8e3eb503de20")]
    [InlineData("1.0.0+8e3eb503de208815011578a840b5e1c5af3f2a9c", true, "8e3eb503de20 (with local changes)")]
    [InlineData("1.0.0", false, "unknown")]
    [InlineData(null, true, "unknown")]
    public void Commit_is_told_as_far_as_it_is_known(string? version, bool isChanged, string text) => Commit.Text(version, isChanged).ShouldBe(text);

    [Fact]
    public void Whatever_was_there_at_the_build_something_is_said() => Commit.Here.ShouldNotBeEmpty();
}
