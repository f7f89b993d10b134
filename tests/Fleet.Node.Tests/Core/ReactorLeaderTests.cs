using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Core;

/// <summary>What node adc-1 makes of leaders that come, go and are deposed; it has map 1.1 and the lease up to 402 ms.</summary>
public sealed class ReactorLeaderTests
{
    private readonly Reactor _reactor = new(Build.Facts("adc-1"), Build.First, RelayPlane.Can, [], FleetMap.Empty, Build.At(0));
    private readonly FleetMap _map = Build.Map(
        [Build.Node("adc-1", witnesses: ["adc-2"]), Build.Node("adc-2")], [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]);

    [Fact]
    public void Map_of_a_term_that_is_over_is_not_followed_though_it_is_newer_than_the_own()
    {
        Serve(_map);
        Leader(new LeaderMessage.Welcome(3, LeaseTerms.Default), 20);
        Leader(new LeaderMessage.Full(_map with { Version = new MapVersion(2, 9) }), 21).OfType<NodeEffect.PublishAnswers>().ShouldBeEmpty();
        _reactor.Map.Version.ShouldBe(_map.Version);
        Leader(new LeaderMessage.Full(_map with { Version = new MapVersion(3, 2) }), 22).OfType<NodeEffect.PublishAnswers>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Acknowledgement_of_a_term_that_is_over_renews_nothing()
    {
        Serve(_map);
        Leader(new LeaderMessage.Welcome(3, LeaseTerms.Default), 20);
        var beat = Sent(Step(new NodeInput.Tick(), 120)).OfType<NodeMessage.Heartbeat>().Last().Seq;
        Leader(new LeaderMessage.Ack(beat, new MapVersion(2, 9)), 125);
        _reactor.LeaseUntil.ShouldBe(Build.At(402));
        Leader(new LeaderMessage.Ack(beat, new MapVersion(3, 1)), 126);
        _reactor.LeaseUntil.ShouldBe(Build.At(520));
    }

    [Fact]
    public void Lease_that_has_run_out_is_not_given_back_by_the_acknowledgement_of_a_map_that_it_does_not_have()
    {
        Serve(_map);
        var beat = Sent(Step(new NodeInput.Tick(), 500)).OfType<NodeMessage.Heartbeat>().Last().Seq;
        Leader(new LeaderMessage.Ack(beat, new MapVersion(1, 2)), 510).OfType<NodeEffect.HoldVips>().ShouldAllBe(h => h.Vips.IsEmpty);
        _reactor.LeaseUntil.ShouldBe(Build.At(402));
    }

    [Fact]
    public void Node_without_peers_goes_on_without_a_leader()
    {
        Serve(Build.Map([Build.Node("adc-1")], [Build.Serving(1, "adc-1")]));
        Step(new NodeInput.LinkClosed(), 20);
        for (var at = 100; at <= 2000; at += 100)
            Step(new NodeInput.Tick(), at).OfType<NodeEffect.HoldVips>().ShouldAllBe(h => !h.Vips.IsEmpty);
        _reactor.LeaseUntil.ShouldBe(Build.At(2400));
    }

    [Fact]
    public void New_link_after_a_long_cut_is_given_time_to_answer()
    {
        Serve(_map);
        Step(new NodeInput.LinkClosed(), 20);
        Step(new NodeInput.LinkOpened(), 10_000).OfType<NodeEffect.CloseLink>().ShouldBeEmpty();
        Step(new NodeInput.Tick(), 11_200).OfType<NodeEffect.CloseLink>().ShouldBeEmpty();
        Step(new NodeInput.Tick(), 11_201).OfType<NodeEffect.CloseLink>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Vip_that_is_to_be_let_go_of_is_not_held_any_more()
    {
        Serve(_map);
        var next = _map
            with
        {
            Version = new MapVersion(1, 2),
            Vips = _map.Vips.SetItem(Build.Vip(1), _map.Vips[Build.Vip(1)] with { Phase = VipPhase.Releasing }),
        };
        Leader(new LeaderMessage.Full(next), 20).OfType<NodeEffect.HoldVips>().Last().Vips.ShouldBeEmpty();
    }

    [Fact]
    public void Lease_revived_by_witnesses_counts_from_when_they_were_asked()
    {
        Serve(_map);
        Step(new NodeInput.LinkClosed(), 10);
        var asked = Step(new NodeInput.Tick(), 2100).OfType<NodeEffect.SendPeer>().First().Datagram;
        asked.Kind.ShouldBe(WitnessKind.Revive);
        Step(new NodeInput.FromPeer(Peers.Says("adc-2", WitnessKind.Vouch, asked.Seq)), 2300);
        _reactor.LeaseUntil.ShouldBe(Build.At(2500));
    }

    [Fact]
    public void Holder_is_told_of_every_later_end_of_the_lease()
    {
        Serve(_map);
        var beat = Sent(Step(new NodeInput.Tick(), 110)).OfType<NodeMessage.Heartbeat>().Last().Seq;
        Leader(new LeaderMessage.Ack(beat, _map.Version), 112).OfType<NodeEffect.HoldVips>().ShouldHaveSingleItem().Until.ShouldBe(Build.At(510));
    }

    private static NodeMessage[] Sent(IReadOnlyList<NodeEffect> effects) => [.. effects.OfType<NodeEffect.SendToLeader>().Select(s => s.Message)];

    private void Serve(FleetMap by)
    {
        Step(new NodeInput.LinkOpened(), 1);
        Leader(new LeaderMessage.Welcome(1, LeaseTerms.Default), 2);
        var generation = Leader(new LeaderMessage.Full(by), 3).OfType<NodeEffect.ApplyServices>().Single().Backends.Generation;
        Step(new NodeInput.Applied(generation, generation), 3);
        Leader(new LeaderMessage.Ack(1, by.Version), 4);
        _reactor.LeaseUntil.Micros.ShouldBeGreaterThanOrEqualTo(402_000);
    }

    private IReadOnlyList<NodeEffect> Leader(LeaderMessage message, double at) => Step(new NodeInput.FromLeader(message), at);

    private IReadOnlyList<NodeEffect> Step(NodeInput input, double at) => _reactor.Step(input, Build.At(at));
}
