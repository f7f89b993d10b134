using Fleet.Placement.Model;

namespace Fleet.Placement.Tests;

public sealed class LoadTests
{
    [Fact]
    public void The_fuller_dimension_counts() => new Load(10, 90).ShareOf(new Load(100, 100)).ShouldBe(0.9);

    [Fact]
    public void Both_dimensions_must_fit()
    {
        new Load(100, 100).FitsIn(new Load(100, 100)).ShouldBeTrue();
        new Load(1, 101).FitsIn(new Load(100, 100)).ShouldBeFalse();
        new Load(101, 1).FitsIn(new Load(100, 100)).ShouldBeFalse();
    }

    [Fact]
    public void What_asks_for_nothing_fits_a_node_without_capacity() => Load.None.ShareOf(Load.None).ShouldBe(0);
}
