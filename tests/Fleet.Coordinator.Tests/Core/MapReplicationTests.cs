using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Core;

public sealed class MapReplicationTests
{
    private static readonly FleetMap Map = Build.Map(Build.Nodes(2));

    private static readonly Instant Now = Instant.Never + TimeSpan.FromSeconds(100);

    [Fact]
    public void Node_that_has_the_map_gets_only_changes()
    {
        var feed = new MapReplication();
        feed.Join(1, Map.Version, Map.Version);
        feed.Full(Map, _ => true, Now).ShouldBeEmpty();
        feed.Next(Map, Next(Map), []).Single().Message.ShouldBeOfType<LeaderMessage.Change>().Delta.From.ShouldBe(Map.Version);
    }

    [Fact]
    public void Node_with_another_map_gets_the_full_one_first()
    {
        var feed = new MapReplication();
        feed.Join(1, MapVersion.None, Map.Version);
        feed.Next(Map, Next(Map), []).ShouldBeEmpty();
        feed.Full(Next(Map), _ => true, Now).Single().Message.ShouldBeOfType<LeaderMessage.Full>();
        feed.Next(Next(Map), Next(Next(Map)), []).Single().Message.ShouldBeOfType<LeaderMessage.Change>();
    }

    [Fact]
    public void Full_maps_go_to_sixteen_at_a_time()
    {
        var feed = new MapReplication();
        for (var connection = 1; connection <= 20; connection++)
            feed.Join(connection, MapVersion.None, Map.Version);
        feed.Full(Map, _ => true, Now).Count().ShouldBe(MapReplication.FullAtOnceMax);
        feed.Full(Map, _ => true, Now).ShouldBeEmpty();
        feed.Applied(3, Map.Version);
        feed.Leave(4);
        feed.Full(Map, _ => true, Now).Select(m => m.Connection).ShouldBe([17L, 18L]);
    }

    [Fact]
    public void Connection_that_has_closed_while_it_waited_takes_nobodys_turn()
    {
        var feed = new MapReplication();
        feed.Join(1, MapVersion.None, Map.Version);
        feed.Join(2, MapVersion.None, Map.Version);
        feed.Full(Map, connection => connection == 2, Now).Single().Connection.ShouldBe(2);
    }

    [Fact]
    public void Sixteen_nodes_that_never_apply_their_map_do_not_keep_the_next_from_its_own()
    {
        var feed = Sixteen();
        feed.Join(17, MapVersion.None, Map.Version);
        feed.Full(Map, _ => true, Now + MapReplication.FullPatience - TimeSpan.FromMilliseconds(1)).ShouldBeEmpty();
        feed.Full(Map, _ => true, Now + MapReplication.FullPatience).Single().Connection.ShouldBe(17);
    }

    [Fact]
    public void Place_is_free_once_its_node_works_by_that_map_or_a_later_one_though_the_fleet_has_moved_on()
    {
        var feed = Sixteen();
        feed.Join(17, MapVersion.None, Map.Version);
        feed.Join(18, MapVersion.None, Map.Version);
        feed.Applied(1, MapVersion.None);
        feed.Full(Map, _ => true, Now).ShouldBeEmpty();
        feed.Applied(1, Map.Version);
        feed.Applied(2, Next(Map).Version);
        feed.Full(Next(Next(Next(Map))), _ => true, Now).Select(m => m.Connection).ShouldBe([17L, 18L]);
    }

    [Fact]
    public void Thousand_healthy_nodes_get_their_maps_sixteen_at_a_time_without_waiting()
    {
        var feed = new MapReplication();
        for (var connection = 1; connection <= 1000; connection++)
            feed.Join(connection, MapVersion.None, Map.Version);
        for (var round = 0; round < 1000 / MapReplication.FullAtOnceMax; round++)
        {
            var sent = feed.Full(Map, _ => true, Now).Select(m => m.Connection).ToArray();
            sent.Length.ShouldBe(MapReplication.FullAtOnceMax);
            foreach (var connection in sent)
                feed.Applied(connection, Map.Version);
        }

        feed.Full(Map, _ => true, Now).Count().ShouldBe(1000 % MapReplication.FullAtOnceMax);
    }

    private static MapReplication Sixteen()
    {
        var feed = new MapReplication();
        for (var connection = 1; connection <= MapReplication.FullAtOnceMax; connection++)
            feed.Join(connection, MapVersion.None, Map.Version);
        feed.Full(Map, _ => true, Now).Count().ShouldBe(MapReplication.FullAtOnceMax);
        return feed;
    }

    private static FleetMap Next(FleetMap map) => map with { Version = new MapVersion(1, map.Version.Revision + 1), Parent = map.Version };
}
