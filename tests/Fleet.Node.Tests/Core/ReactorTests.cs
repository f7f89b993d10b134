using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>What a node makes of maps, of its lease, and of who asks it to go.</summary>
public sealed class ReactorTests : ReactorStage
{
    [Fact]
    public void Link_that_opens_begins_with_hello() =>
        Sent(Step(new NodeInput.LinkOpened(), 1)).ShouldBe([new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None)]);

    [Fact]
    public void Map_alone_gives_no_lease_and_nothing_is_held()
    {
        Open();
        var effects = Leader(new LeaderMessage.Full(Map), 3);
        effects.OfType<NodeEffect.HoldVips>().ShouldAllBe(h => h.Vips.IsEmpty);
    }

    [Fact]
    public void Acknowledged_heartbeat_gives_the_lease_from_when_it_was_sent_and_the_vips_are_taken()
    {
        var hold = Serve().OfType<NodeEffect.HoldVips>().Last();
        hold.Vips.ShouldBe([Build.Vip(1)]);
        hold.Until.ShouldBe(Build.At(402));
        hold.Version.ShouldBe(Map.Version);
    }

    [Fact]
    public void Plane_is_ready_before_vips_are_taken_and_vips_are_let_go_of_before_it_changes()
    {
        Serve();
        Map = Next(Map with
        {
            Vips = Map.Vips.SetItem(Build.Vip(1), Map.Vips[Build.Vip(1)] with { Phase = VipPhase.Releasing })
                .SetItem(Build.Vip(5), Build.Serving(5, "adc-1", "api") with { Phase = VipPhase.Arriving }),
            Services = Map.Services.SetItem(new("api"), Build.Service("api", Build.Vip(5))),
        });
        var orders = Leader(new LeaderMessage.Full(Map), 20).Where(e => e is NodeEffect.HoldVips or NodeEffect.ApplyServices).ToArray();
        orders.Length.ShouldBe(2);
        orders[0].ShouldBeOfType<NodeEffect.HoldVips>().Vips.ShouldBeEmpty();
        var generation = orders[1].ShouldBeOfType<NodeEffect.ApplyServices>().Backends.Generation;
        Step(new NodeInput.Applied(generation, generation), 21).OfType<NodeEffect.HoldVips>().Single().Vips.ShouldBe([Build.Vip(5)]);
    }

    [Fact]
    public void Vip_that_becomes_quiet_is_drained_and_still_held()
    {
        Serve();
        Map = Next(Map with { Vips = Map.Vips.SetItem(Build.Vip(1), Map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }) });
        var effects = Leader(new LeaderMessage.Full(Map), 20);
        effects.OfType<NodeEffect.DrainVips>().Single().Vips.ShouldBe([Build.Vip(1)]);
        effects.OfType<NodeEffect.HoldVips>().Last().Vips.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Vip_that_the_data_plane_does_not_drain_yet_is_busy()
    {
        Serve();
        Map = Next(Map with { Vips = Map.Vips.SetItem(Build.Vip(1), Map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }) });
        var hold = Leader(new LeaderMessage.Full(Map), 20).OfType<NodeEffect.HoldVips>().Last();
        Step(new NodeInput.Drained(false), 21).OfType<NodeEffect.DrainVips>().ShouldBeEmpty();
        Sent(Step(new NodeInput.Held(hold, []), 21)).OfType<NodeMessage.Heartbeat>().Last().Busy[Build.Vip(1)].ShouldBe(1);
        Step(new NodeInput.Tick(), 71).OfType<NodeEffect.DrainVips>().Single().Vips.ShouldBe([Build.Vip(1)]);
        Step(new NodeInput.Drained(true), 72);
        Sent(Step(new NodeInput.Tick(), 110)).OfType<NodeMessage.Heartbeat>().Last().Busy.ShouldBeEmpty();
    }

    [Fact]
    public void Who_wakes_after_the_lease_lets_go_before_anything_else()
    {
        Serve();
        var first = Step(new NodeInput.FromLeader(new LeaderMessage.Ack(1, Map.Version)), 5000)[0].ShouldBeOfType<NodeEffect.HoldVips>();
        first.Vips.ShouldBeEmpty();
    }

    [Fact]
    public void Shorter_lease_of_a_new_map_holds_from_the_moment_it_is_accepted()
    {
        Serve();
        Map = Next(Map with { Policy = FleetPolicy.Default with { Lease = new LeaseTerms(50, 200, 25) } });
        Leader(new LeaderMessage.Full(Map), 20).OfType<NodeEffect.HoldVips>().Last().Until.ShouldBe(Build.At(220));
        Node.LeaseUntil.ShouldBe(Build.At(220));
    }

    [Fact]
    public void Heartbeat_says_which_map_is_known_before_it_is_carried_out()
    {
        Serve();
        Map = Next(Map);
        Leader(new LeaderMessage.Full(Map), 20);
        var beat = Sent(Step(new NodeInput.Tick(), 110)).OfType<NodeMessage.Heartbeat>().Single();
        beat.Known.ShouldBe(Map.Version);
        beat.Applied.ShouldNotBe(Map.Version);
        beat.LinkRoundTripMicros.ShouldBe(2000);
    }

    [Fact]
    public void Older_map_is_not_accepted_and_a_change_of_another_map_breaks_the_link()
    {
        Serve();
        Leader(new LeaderMessage.Full(Map with { Version = new MapVersion(1, 0) }), 20).OfType<NodeEffect.PublishAnswers>().ShouldBeEmpty();
        Node.Map.Version.ShouldBe(Map.Version);
        var strange = MapDelta.Between(Next(Map), Next(Next(Map)));
        Leader(new LeaderMessage.Change(strange), 21).OfType<NodeEffect.CloseLink>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Leader_of_an_older_term_is_left()
    {
        Serve();
        Step(new NodeInput.FromLeader(new LeaderMessage.Welcome(0, LeaseTerms.Default)), 20).OfType<NodeEffect.CloseLink>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Leader_that_does_not_answer_for_three_leases_is_left()
    {
        Serve();
        Step(new NodeInput.Tick(), 1202).OfType<NodeEffect.CloseLink>().ShouldBeEmpty();
        Step(new NodeInput.Tick(), 1210).OfType<NodeEffect.CloseLink>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Node_that_has_left_the_fleet_lets_go_and_then_stops()
    {
        Serve();
        var effects = Leader(new LeaderMessage.Refusal("it has left", null), 20);
        effects[0].ShouldBeOfType<NodeEffect.HoldVips>().Vips.ShouldBeEmpty();
        effects.OfType<NodeEffect.Stop>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Operator_who_stops_an_agent_waits_until_its_vips_have_gone()
    {
        Serve();
        var asked = Step(new NodeInput.StopAsked(), 20);
        Sent(asked).ShouldContain(new NodeMessage.Goodbye());
        asked.OfType<NodeEffect.Stop>().ShouldBeEmpty();
        Map = Next(Map with { Vips = Map.Vips.SetItem(Build.Vip(1), Map.Vips[Build.Vip(1)] with { Owner = new NodeName("adc-2") }) });
        Leader(new LeaderMessage.Full(Map), 30).OfType<NodeEffect.Stop>().ShouldHaveSingleItem();
    }
}
