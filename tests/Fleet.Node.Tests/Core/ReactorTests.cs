using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>Node adc-1 with the witnesses adc-2, adc-3 and adc-4, its clock in milliseconds.</summary>
public sealed class ReactorTests
{
    private readonly Reactor _reactor = new(Build.Facts("adc-1"), Build.First, FleetMap.Empty, Build.At(0));
    private FleetMap _map = Build.Map(
        [Build.Node("adc-1", witnesses: ["adc-2", "adc-3", "adc-4"]), Build.Node("adc-2"), Build.Node("adc-3"), Build.Node("adc-4")],
        [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]);

    [Fact]
    public void Link_that_opens_begins_with_hello() =>
        Sent(Step(new NodeInput.LinkOpened(), 1)).ShouldBe([new NodeMessage.Hello(Wire.Schema, Build.Facts("adc-1"), Build.First, MapVersion.None)]);

    [Fact]
    public void Map_alone_gives_no_lease_and_nothing_is_held()
    {
        Open();
        var effects = Leader(new LeaderMessage.Full(_map), 3);
        effects.OfType<NodeEffect.HoldVips>().ShouldAllBe(h => h.Vips.IsEmpty);
    }

    [Fact]
    public void Acknowledged_heartbeat_gives_the_lease_from_when_it_was_sent_and_the_vips_are_taken()
    {
        var hold = Serve().OfType<NodeEffect.HoldVips>().Last();
        hold.Vips.ShouldBe([Build.Vip(1)]);
        hold.Until.ShouldBe(Build.At(402));
        hold.Version.ShouldBe(_map.Version);
    }

    [Fact]
    public void Plane_is_ready_before_vips_are_taken_and_vips_are_let_go_of_before_it_changes()
    {
        Serve();
        _map = Next(_map with
        {
            Vips = _map.Vips.SetItem(Build.Vip(1), _map.Vips[Build.Vip(1)] with { Phase = VipPhase.Releasing })
                .SetItem(Build.Vip(2), _map.Vips[Build.Vip(2)] with { Owner = new NodeName("adc-1"), Phase = VipPhase.Arriving }),
            Services = _map.Services.SetItem(new("api"), Build.Service("api", [])),
        });
        var orders = Leader(new LeaderMessage.Full(_map), 20).Where(e => e is NodeEffect.HoldVips or NodeEffect.ApplyPlane).ToArray();
        orders.Length.ShouldBe(3);
        orders[0].ShouldBeOfType<NodeEffect.HoldVips>().Vips.ShouldBeEmpty();
        orders[1].ShouldBeOfType<NodeEffect.ApplyPlane>();
        orders[2].ShouldBeOfType<NodeEffect.HoldVips>().Vips.ShouldBe([Build.Vip(2)]);
    }

    [Fact]
    public void Vip_that_becomes_quiet_is_drained_and_still_held()
    {
        Serve();
        _map = Next(_map with { Vips = _map.Vips.SetItem(Build.Vip(1), _map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }) });
        var effects = Leader(new LeaderMessage.Full(_map), 20);
        effects.OfType<NodeEffect.DrainVips>().Single().Vips.ShouldBe([Build.Vip(1)]);
        effects.OfType<NodeEffect.HoldVips>().Last().Vips.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Vip_that_the_data_plane_does_not_drain_yet_is_busy()
    {
        Serve();
        _map = Next(_map with { Vips = _map.Vips.SetItem(Build.Vip(1), _map.Vips[Build.Vip(1)] with { Phase = VipPhase.Draining }) });
        Leader(new LeaderMessage.Full(_map), 20);
        Sent(Step(new NodeInput.Held(_map.Version, [], [Build.Vip(1)]), 21)).OfType<NodeMessage.Heartbeat>().Last().Busy[Build.Vip(1)].ShouldBe(1);
    }

    [Fact]
    public void Who_wakes_after_the_lease_lets_go_before_anything_else()
    {
        Serve();
        var first = Step(new NodeInput.FromLeader(new LeaderMessage.Ack(1, _map.Version)), 5000)[0].ShouldBeOfType<NodeEffect.HoldVips>();
        first.Vips.ShouldBeEmpty();
    }

    [Fact]
    public void Shorter_lease_of_a_new_map_holds_from_the_moment_it_is_accepted()
    {
        Serve();
        _map = Next(_map with { Policy = FleetPolicy.Default with { Lease = new LeaseTerms(50, 200, 25) } });
        Leader(new LeaderMessage.Full(_map), 20).OfType<NodeEffect.HoldVips>().Last().Until.ShouldBe(Build.At(220));
        _reactor.LeaseUntil.ShouldBe(Build.At(220));
    }

    [Fact]
    public void Witnesses_renew_a_lease_that_is_held_from_when_the_probe_was_sent()
    {
        Serve();
        var probes = Step(new NodeInput.Tick(), 102).OfType<NodeEffect.SendPeer>().ToArray();
        probes.Select(p => p.To.Value).ShouldBe(["adc-2", "adc-3", "adc-4"]);
        Vouch("adc-2", probes[0].Datagram.Seq, 103);
        _reactor.LeaseUntil.ShouldBe(Build.At(402));
        Vouch("adc-3", probes[0].Datagram.Seq, 104);
        _reactor.LeaseUntil.ShouldBe(Build.At(502));
    }

    [Fact]
    public void Node_that_has_had_no_lease_sends_no_probes_so_that_its_witnesses_do_not_keep_its_vips_from_the_others()
    {
        Open();
        Leader(new LeaderMessage.Full(_map), 3);
        Step(new NodeInput.LinkClosed(), 10);
        Step(new NodeInput.Tick(), 1000).OfType<NodeEffect.SendPeer>().ShouldBeEmpty();
    }

    [Fact]
    public void Node_whose_lease_has_run_out_asks_its_witnesses_whether_they_gave_it_up_and_serves_again_when_enough_did_not()
    {
        Serve();
        Step(new NodeInput.LinkClosed(), 10);
        Step(new NodeInput.Tick(), 2002).OfType<NodeEffect.HoldVips>().First().Vips.ShouldBeEmpty();
        var asked = Step(new NodeInput.Tick(), 2100).OfType<NodeEffect.SendPeer>().ToArray();
        asked.Select(p => p.To.Value).ShouldBe(["adc-2", "adc-3", "adc-4"]);
        asked[0].Datagram.Kind.ShouldBe(WitnessKind.Revive);
        asked[0].Datagram.CoverMicros.ShouldBe((2100 - 402 + 400) * 1000);
        Vouch("adc-2", asked[0].Datagram.Seq, 2110);
        _reactor.LeaseUntil.ShouldBe(Build.At(402));
        var revived = Peer(Peers.Says("adc-4", WitnessKind.Vouch, asked[0].Datagram.Seq), 2120);
        _reactor.LeaseUntil.ShouldBe(Build.At(2500));
        revived.OfType<NodeEffect.HoldVips>().Last().Vips.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Vouches_for_probes_of_before_the_lease_ran_out_do_not_bring_it_back()
    {
        Serve();
        var probe = Step(new NodeInput.Tick(), 102).OfType<NodeEffect.SendPeer>().First().Datagram.Seq;
        Vouch("adc-2", probe, 450);
        Vouch("adc-3", probe, 451);
        _reactor.LeaseUntil.ShouldBe(Build.At(402));
    }

    [Fact]
    public void Node_that_is_down_in_the_map_does_not_ask_its_witnesses()
    {
        Serve();
        _map = Next(_map with { Nodes = _map.Nodes.SetItem(new("adc-1"), Build.Node("adc-1", presence: NodePresence.Down, witnesses: ["adc-2"])) });
        Leader(new LeaderMessage.Full(_map), 20);
        Step(new NodeInput.Tick(), 1000).OfType<NodeEffect.SendPeer>().ShouldBeEmpty();
    }

    [Fact]
    public void Heartbeat_says_which_map_is_known_before_it_is_carried_out()
    {
        Serve();
        _map = Next(_map);
        Leader(new LeaderMessage.Full(_map), 20);
        var beat = Sent(Step(new NodeInput.Tick(), 110)).OfType<NodeMessage.Heartbeat>().Single();
        beat.Known.ShouldBe(_map.Version);
        beat.Applied.ShouldNotBe(_map.Version);
        beat.LinkRoundTripMicros.ShouldBe(2000);
    }

    [Fact]
    public void Probe_of_a_peer_in_the_map_is_vouched_for_and_a_strangers_is_not()
    {
        Serve();
        Peer(Peers.Says("adc-2", WitnessKind.Probe, 9), 20).OfType<NodeEffect.SendPeer>()
            .ShouldContain(new NodeEffect.SendPeer(new("adc-2"), Peers.Says("adc-1", WitnessKind.Vouch, 9)));
        Peer(Peers.Says("adc-9", WitnessKind.Probe, 9), 21).OfType<NodeEffect.SendPeer>().ShouldBeEmpty();
    }

    [Fact]
    public void Vouch_for_a_probe_of_an_earlier_run_or_by_an_earlier_run_or_from_another_fleet_renews_nothing()
    {
        Serve();
        var probe = Step(new NodeInput.Tick(), 160).OfType<NodeEffect.SendPeer>().First().Datagram;
        var foreign = _map with { Policy = _map.Policy with { Cluster = "another" } };
        foreach (var witness in new[] { "adc-2", "adc-3", "adc-4" })
        {
            Peer(Peers.Says(witness, WitnessKind.Introduce, 0, Build.Second), 161);
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq), 162);
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq, Build.Second) with { ToRun = Build.Second }, 163);
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq, Build.Second, foreign), 164);
        }

        _reactor.LeaseUntil.ShouldBe(Build.At(402));
        foreach (var witness in new[] { "adc-2", "adc-3", "adc-4" })
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq, Build.Second), 165);
        _reactor.LeaseUntil.ShouldBe(Build.At(560));
    }

    [Fact]
    public void Probe_for_an_earlier_run_is_answered_with_who_there_is_now_and_keeps_nobody_alive()
    {
        Serve();
        var probe = Peers.Says("adc-2", WitnessKind.Probe, 9) with { ToRun = Incarnation.None };
        var answer = Peer(probe, 1000).OfType<NodeEffect.SendPeer>().Single(e => e.Datagram.Kind == WitnessKind.Introduce).Datagram;
        answer.ShouldBe(Peers.Says("adc-1", WitnessKind.Introduce, 9));
        SilentMicros("adc-2", 1100).ShouldBe(1_100_000);
        Peer(probe with { ToRun = answer.Run }, 1200).OfType<NodeEffect.SendPeer>().ShouldContain(e => e.Datagram.Kind == WitnessKind.Vouch);
        SilentMicros("adc-2", 1300).ShouldBe(100_000);
    }

    [Fact]
    public void Old_probes_of_a_dead_node_that_come_again_keep_it_no_longer_alive()
    {
        Serve();
        Peer(Peers.Says("adc-2", WitnessKind.Probe, 9), 1000);
        Peer(Peers.Says("adc-2", WitnessKind.Probe, 9), 1300)
            .OfType<NodeEffect.SendPeer>()
            .ShouldNotContain(e => e.Datagram.Kind == WitnessKind.Vouch);
        SilentMicros("adc-2", 1400).ShouldBe(400_000);
    }

    [Fact]
    public void Witness_that_introduces_itself_is_asked_as_that_run_from_then_on()
    {
        Serve();
        Step(new NodeInput.Tick(), 160).OfType<NodeEffect.SendPeer>().ShouldAllBe(e => e.Datagram.ToRun == Incarnation.None);
        Peer(Peers.Says("adc-2", WitnessKind.Introduce, 1, Build.Second), 161);
        Step(new NodeInput.Tick(), 260).OfType<NodeEffect.SendPeer>().Where(e => e.Datagram.ToRun != Incarnation.None)
            .ShouldHaveSingleItem().ShouldBe(
                new NodeEffect.SendPeer(new("adc-2"), Peers.Says("adc-1", WitnessKind.Probe, 2) with { ToRun = Build.Second }));
    }

    [Fact]
    public void Older_map_is_not_accepted_and_a_change_of_another_map_breaks_the_link()
    {
        Serve();
        Leader(new LeaderMessage.Full(_map with { Version = new MapVersion(1, 0) }), 20).OfType<NodeEffect.PublishAnswers>().ShouldBeEmpty();
        _reactor.Map.Version.ShouldBe(_map.Version);
        var strange = MapDelta.Between(Next(_map), Next(Next(_map)));
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
        _map = Next(_map with { Vips = _map.Vips.SetItem(Build.Vip(1), _map.Vips[Build.Vip(1)] with { Owner = new NodeName("adc-2") }) });
        Leader(new LeaderMessage.Full(_map), 30).OfType<NodeEffect.Stop>().ShouldHaveSingleItem();
    }

    private long SilentMicros(string of, double at) =>
        Sent(Leader(new LeaderMessage.WitnessQuery(1, [new(of)], []), at)).OfType<NodeMessage.WitnessReply>().Single().Nodes.Single().SilentMicros;

    private static FleetMap Next(FleetMap map) => map with { Version = new MapVersion(1, map.Version.Revision + 1), Parent = map.Version };

    private static NodeMessage[] Sent(IReadOnlyList<NodeEffect> effects) => [.. effects.OfType<NodeEffect.SendToLeader>().Select(s => s.Message)];

    private void Open()
    {
        Step(new NodeInput.LinkOpened(), 1);
        Leader(new LeaderMessage.Welcome(1, LeaseTerms.Default), 2);
    }

    /// <summary>The first heartbeat goes out at 2 ms and is acknowledged at 4 ms, when the node has the map.</summary>
    private IReadOnlyList<NodeEffect> Serve()
    {
        Open();
        Leader(new LeaderMessage.Full(_map), 3);
        return Leader(new LeaderMessage.Ack(1, _map.Version), 4);
    }

    private IReadOnlyList<NodeEffect> Leader(LeaderMessage message, double at) => Step(new NodeInput.FromLeader(message), at);

    private IReadOnlyList<NodeEffect> Peer(WitnessDatagram datagram, double at) => Step(new NodeInput.FromPeer(datagram), at);

    private void Vouch(string witness, long number, double at) => Peer(Peers.Says(witness, WitnessKind.Vouch, number), at);

    private IReadOnlyList<NodeEffect> Step(NodeInput input, double at) => _reactor.Step(input, Build.At(at));
}
