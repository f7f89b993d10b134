using Fleet.Http;

namespace Fleet.Coordinator.Tests.Http;

public sealed class GiveWayTests
{
    [Fact]
    public void Newcomer_gets_in_and_the_oldest_gives_way()
    {
        var held = new GiveWay<string>(2);
        held.Hold("a").ShouldBeEmpty();
        held.Hold("b").ShouldBeEmpty();
        held.Hold("c").ShouldBe(["a"]);
        held.Leave("b");
        held.Leave("a");
        held.Hold("d").ShouldBeEmpty();
        held.Held.ShouldBe(2);
    }

    [Fact]
    public void Who_holds_more_keeps_its_age_and_others_give_way_first()
    {
        var held = new GiveWay<string>(10);
        held.Hold("a", 4);
        held.Hold("b", 4);
        held.Hold("a", 8).ShouldBe(["b"]);
        held.Hold("c", 3).ShouldBe(["a"]);
        held.Held.ShouldBe(3);
    }

    [Fact]
    public void Who_wants_more_than_there_is_gives_way_itself()
    {
        var held = new GiveWay<string>(10);
        held.Hold("a", 11).ShouldBe(["a"]);
        held.Held.ShouldBe(0);
    }
}
