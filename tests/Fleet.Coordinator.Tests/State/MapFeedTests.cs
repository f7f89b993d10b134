using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.State;

public sealed class MapFeedTests
{
    private static readonly FleetMap Map = Build.Map(Build.Nodes(2));

    [Fact]
    public void Node_that_has_the_map_gets_only_changes()
    {
        var feed = new MapFeed();
        feed.Join(1, Map.Version, Map.Version);
        feed.Full(Map, _ => true).ShouldBeEmpty();
        feed.Next(Map, Next(Map), []).Single().Message.ShouldBeOfType<Down.Change>().Delta.From.ShouldBe(Map.Version);
    }

    [Fact]
    public void Node_with_another_map_gets_the_full_one_first()
    {
        var feed = new MapFeed();
        feed.Join(1, MapVersion.None, Map.Version);
        feed.Next(Map, Next(Map), []).ShouldBeEmpty();
        feed.Full(Next(Map), _ => true).Single().Message.ShouldBeOfType<Down.Full>();
        feed.Next(Next(Map), Next(Next(Map)), []).Single().Message.ShouldBeOfType<Down.Change>();
    }

    [Fact]
    public void Full_maps_go_to_sixteen_at_a_time()
    {
        var feed = new MapFeed();
        for (var connection = 1; connection <= 20; connection++)
            feed.Join(connection, MapVersion.None, Map.Version);
        feed.Full(Map, _ => true).Count().ShouldBe(MapFeed.FullAtOnceMax);
        feed.Full(Map, _ => true).ShouldBeEmpty();
        feed.Applied(3);
        feed.Leave(4);
        feed.Full(Map, _ => true).Select(m => m.Connection).ShouldBe([17L, 18L]);
    }

    [Fact]
    public void Connection_that_has_closed_while_it_waited_takes_nobodys_turn()
    {
        var feed = new MapFeed();
        feed.Join(1, MapVersion.None, Map.Version);
        feed.Join(2, MapVersion.None, Map.Version);
        feed.Full(Map, connection => connection == 2).Single().Connection.ShouldBe(2);
    }

    private static FleetMap Next(FleetMap map) => map with { Version = new MapVersion(1, map.Version.Revision + 1), Parent = map.Version };
}
