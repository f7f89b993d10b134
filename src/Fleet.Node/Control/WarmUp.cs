using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Control;

/// <summary>
/// Plays a takeover with a reactor whose effects nobody carries out, before the agent links: hello, map, lease, and a change that gives it a VIP. The
/// code is compiled by then, and the first real takeover does not wait for the compiler.
/// </summary>
internal static class WarmUp
{
    /// <summary>Returns the effects of the takeover, for a test to see that the play is the real thing.</summary>
    public static IReadOnlyList<NodeEffect> Play(DataPlaneCapabilities capabilities)
    {
        var me = Facts("a");
        var now = new Instant(0);
        var map = Map(me);
        var next = map with
        {
            Version = new MapVersion(1, 2),
            Parent = map.Version,
            Vips = map.Vips.SetItem(Vip, map.Vips[Vip] with { Owner = me.Name, Phase = VipPhase.Arriving, Since = 2 }),
        };
        var reactor = new Reactor(me, Run, capabilities, [], FleetMap.Empty, now);
        reactor.Step(new NodeInput.LinkOpened(), now);
        Hear(reactor, new LeaderMessage.Welcome(1, map.Policy.Lease), now);
        var applied = Hear(reactor, new LeaderMessage.Full(map), now)
            .OfType<NodeEffect.ApplyServices>()
            .Select(apply => apply.Backends.Generation)
            .LastOrDefault();
        reactor.Step(new NodeInput.Applied(applied, applied), now);
        reactor.Step(
            new NodeInput.FromPeer(new PeerRuns(Facts("b"), Run).Address(NodeName.Parse("a"), map, WitnessKind.Probe, 1) with { ToRun = Run }), now);
        for (var seq = 1; seq <= 20; seq++)
        {
            now += map.Policy.Lease.Heartbeat;
            foreach (var beat in reactor.Step(new NodeInput.Tick(), now).OfType<NodeEffect.SendToLeader>())
                Wire.Encode(beat.Message);
            Hear(reactor, new LeaderMessage.Ack(seq, map.Version), now);
        }

        Hear(reactor, new LeaderMessage.WitnessQuery(1, [NodeName.Parse("b")], []), now);
        var effects = Hear(reactor, new LeaderMessage.Change(MapDelta.Between(map, next)), now);
        foreach (var hold in effects.OfType<NodeEffect.HoldVips>())
            reactor.Step(new NodeInput.Held(hold, []), now);
        return effects;
    }

    private static readonly Incarnation Run = new(1);

    private static VipAddress Vip => new(IPAddress.Loopback);

    private static IReadOnlyList<NodeEffect> Hear(Reactor reactor, LeaderMessage message, Instant now) =>
        Wire.TryDecodeLeaderMessage(Wire.Encode(message), out var heard) ? reactor.Step(new NodeInput.FromLeader(heard), now) : [];

    private static FleetMap Map(NodeFacts me)
    {
        var peer = Facts("b");
        var service = new Service
        {
            Name = ServiceName.Parse("warm-up"),
            Listeners = [new Listener(80, ListenerProtocol.Http)],
            Vips = [Vip],
            Pool = new Pool([new Backend("backend", me.ApiAddress)], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.ServeAll, false),
        };
        NodeEntry[] nodes =
        [
            new() { Facts = me, Intent = NodeIntent.Active, Presence = NodePresence.Up, Witnesses = [peer.Name] },
            new() { Facts = peer, Intent = NodeIntent.Active, Presence = NodePresence.Up, Witnesses = [me.Name] },
        ];
        var vip = new VipEntry { Address = Vip, Service = service.Name, Phase = VipPhase.Serving, Owner = peer.Name, Since = 1 };
        return FleetMap.Empty with
        {
            Version = new MapVersion(1, 1),
            Nodes = nodes.ToImmutableSortedDictionary(n => n.Name, n => n),
            Services = ImmutableSortedDictionary<ServiceName, Service>.Empty.Add(service.Name, service),
            Vips = ImmutableSortedDictionary<VipAddress, VipEntry>.Empty.Add(Vip, vip),
        };
    }

    private static NodeFacts Facts(string name)
    {
        var nowhere = new IPEndPoint(IPAddress.Loopback, 1);
        return new NodeFacts(NodeName.Parse(name), SiteName.Parse("site"), DomainName.Parse(name), 1_000_000_000, nowhere, nowhere, nowhere);
    }
}
