using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>What a node asks its witnesses, and what it says of those that it is a witness of.</summary>
public sealed class ReactorWitnessTests : ReactorStage
{
    [Fact]
    public void Witnesses_renew_a_lease_that_is_held_from_when_the_probe_was_sent()
    {
        Serve();
        var probes = Step(new NodeInput.Tick(), 102).OfType<NodeEffect.SendPeer>().ToArray();
        probes.Select(p => p.To.Value).ShouldBe(["adc-2", "adc-3", "adc-4"]);
        Vouch("adc-2", probes[0].Datagram.Seq, 103);
        Node.LeaseUntil.ShouldBe(Build.At(402));
        Vouch("adc-3", probes[0].Datagram.Seq, 104);
        Node.LeaseUntil.ShouldBe(Build.At(502));
    }

    [Fact]
    public void Node_that_has_had_no_lease_sends_no_probes_so_that_its_witnesses_do_not_keep_its_vips_from_the_others()
    {
        Open();
        Leader(new LeaderMessage.Full(Map), 3);
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
        Node.LeaseUntil.ShouldBe(Build.At(402));
        var revived = Peer(Peers.Says("adc-4", WitnessKind.Vouch, asked[0].Datagram.Seq), 2120);
        Node.LeaseUntil.ShouldBe(Build.At(2500));
        revived.OfType<NodeEffect.HoldVips>().Last().Vips.ShouldBe([Build.Vip(1)]);
    }

    [Fact]
    public void Vouches_for_probes_of_before_the_lease_ran_out_do_not_bring_it_back()
    {
        Serve();
        var probe = Step(new NodeInput.Tick(), 102).OfType<NodeEffect.SendPeer>().First().Datagram.Seq;
        Vouch("adc-2", probe, 450);
        Vouch("adc-3", probe, 451);
        Node.LeaseUntil.ShouldBe(Build.At(402));
    }

    [Fact]
    public void Node_that_is_down_in_the_map_does_not_ask_its_witnesses()
    {
        Serve();
        Map = Next(Map with { Nodes = Map.Nodes.SetItem(new("adc-1"), Build.Node("adc-1", presence: NodePresence.Down, witnesses: ["adc-2"])) });
        Leader(new LeaderMessage.Full(Map), 20);
        Step(new NodeInput.Tick(), 1000).OfType<NodeEffect.SendPeer>().ShouldBeEmpty();
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
        var foreign = Map with { Policy = Map.Policy with { Cluster = "another" } };
        foreach (var witness in new[] { "adc-2", "adc-3", "adc-4" })
        {
            Peer(Peers.Says(witness, WitnessKind.Introduce, 0, Build.Second), 161);
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq), 162);
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq, Build.Second) with { ToRun = Build.Second }, 163);
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq, Build.Second, foreign), 164);
        }

        Node.LeaseUntil.ShouldBe(Build.At(402));
        foreach (var witness in new[] { "adc-2", "adc-3", "adc-4" })
            Peer(Peers.Says(witness, WitnessKind.Vouch, probe.Seq, Build.Second), 165);
        Node.LeaseUntil.ShouldBe(Build.At(560));
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

    private long SilentMicros(string of, double at) =>
        Sent(Leader(new LeaderMessage.WitnessQuery(1, [new(of)], []), at)).OfType<NodeMessage.WitnessReply>().Single().Nodes.Single().SilentMicros;

    private void Vouch(string witness, long number, double at) => Peer(Peers.Says(witness, WitnessKind.Vouch, number), at);
}
