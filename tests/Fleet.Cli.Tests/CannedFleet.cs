using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Cli.Tests;

/// <summary>A small fleet on a bad day: one node up, one draining, one suspect; a VIP of every phase.</summary>
public static class CannedFleet
{
    public static readonly MapVersion Version = new(3, 120);

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static FleetMap Map { get; } = MapOf(dnsPort: 5300);

    public static ImmutableArray<CoordinatorView> Coordinators { get; } =
    [
        new("coordinator-1", CoordinatorView.Leading, 3, 120, 0, null, "http://10.0.0.1:7400"),
        new("coordinator-2", CoordinatorView.StandingBy, 3, 120, 0, 41, "http://10.0.0.2:7400"),
        new("coordinator-3", CoordinatorView.StandingBy, 3, 117, 3, 2_300, null),
    ];

    public static ImmutableArray<NodeView> Nodes { get; } =
    [
        new(Map.Nodes[NodeName.Parse("adc-1")], "up", 12, Version, 3, 44.4e9, new VipCounters(1_250_000, 98_700_000_000, 120_000, 450_000, 1_400)),
        new(Map.Nodes[NodeName.Parse("adc-2")], "draining", 31, new MapVersion(3, 119), 2, 950e6, new VipCounters(1_000, 2_000_000, 12, 40, 3),
            new WaitingView("draining", "it is drained and hands over the 2 VIP(s) it has left", null, "To end it now: pbm node undrain adc-2.")),
        new(Map.Nodes[NodeName.Parse("adc-3")], "suspect", 3_400, new MapVersion(2, 87), 0, 0, VipCounters.Zero),
        new(Map.Nodes[NodeName.Parse("adc-4")], "down", null, MapVersion.None, 0, 0, VipCounters.Zero,
            new WaitingView(
                "flap-damping",
                "it is well again, but was lost 4 times of late, so it comes back 8 s after the last time",
                5.2,
                "To end it now: pbm node undrain adc-4.")),
    ];

    public static ImmutableArray<VipView> Vips { get; } =
        [
            .. Map.Vips.Values.Select(
                (vip, i) => new VipView(vip, vip.Phase == VipPhase.Serving ? 22.2e9 : 0, new VipCounters(10 * i, 1_000 * i, i, 2 * i, i))),
        ];

    public static ImmutableArray<ServiceView> Services { get; } =
    [
        .. Map.Services.Values.Select(service => new ServiceView(
            service,
            Map.Vips.Values.Count(vip => vip.Service == service.Name && vip.Phase == VipPhase.Serving),
            service.Pool.Backends.ToImmutableSortedDictionary(backend => backend.Name, backend => Map.VerdictOf(service.Name, backend.Name)))),
    ];

    /// <summary>Oldest first, as the API has them.</summary>
    public static ImmutableArray<PublishingView> Publishing { get; } =
    [
        new(
            "192.0.2.53:53",
            "example.net",
            "fleet.test",
            PublishingView.InStep,
            new DateTimeOffset(2026, 11, 21, 12, 0, 1, TimeSpan.Zero),
            0,
            null,
            [],
            6,
            4,
            0),
        new(
            "192.0.2.54:53",
            "example.org",
            "fleet.test",
            PublishingView.Refused,
            null,
            3,
            "the server does not know the key fleet (BADKEY): give it the same name, algorithm and secret there",
            ["www.example.org: it holds records that are not the fleet's (A); take them away there, or set take-over = on"],
            6,
            0,
            7),
    ];

    public static ImmutableArray<EventView> Events { get; } =
    [
        new(new MapVersion(3, 119), Noon, Principal.Claimed("ann", IPAddress.Parse("10.0.0.7")), "node-intended", "adc-2 is to be drained."),
        new(new MapVersion(3, 120), Noon.AddMilliseconds(1_250), Principal.Leader, "node-lost", "adc-3 was lost: silent for 450 ms."),
        new(
            new MapVersion(3, 120),
            Noon.AddMilliseconds(1_250),
            Principal.Leader,
            "vips-moved",
            "127.0.10.3 goes to adc-1: its owner adc-3 was lost."),
    ];

    public static VipExplanation Explanation { get; } = new(
        Map.Vips[VipAddress.Parse("127.0.10.3")],
        ["127.0.10.3 of web is with adc-1 since revision 120, because its owner adc-3 was lost.", "If adc-1 is lost, adc-2 takes it."],
        [Events[2], Events[1]]);

    public static ClusterView Cluster { get; } = new(
        "demo",
        "c1",
        Version,
        2,
        4,
        2,
        6,
        2,
        2,
        4,
        176_000_000_000,
        45.35e9,
        Map.Policy,
        ["adc-3 has not been heard for 3.4 s.", "s3 has 1 backend down."],
        Waiting: ["adc-2: it is drained and hands over the 2 VIP(s) it has left. To end it now: pbm node undrain adc-2."]);

    public static ClusterView Healthy { get; } = Cluster
        with
    {
        NodesUp = 4,
        VipsServing = 6,
        BackendsUp = 4,
        Problems = [],
        Waiting = null,
        Detection = new DetectionView(553.4, 14.2, new NodeName("adc-3"), 15.0, new NodeName("adc-2"), 60),
    };

    public static FleetMap MapOf(int dnsPort)
    {
        var vips = Vip("127.0.10.1", "web", VipPhase.Serving, "adc-1", null, 101)
            .Add(Vip("127.0.10.2", "web", VipPhase.Draining, "adc-2", "adc-1", 119)[0] with { Reason = MoveReason.OwnerDraining })
            .Add(Vip("127.0.10.3", "web", VipPhase.Arriving, "adc-1", null, 120)[0] with { Reason = MoveReason.OwnerLost, DemandBps = 4_400_000_000 })
            .AddRange(Vip("127.0.20.1", "s3", VipPhase.Releasing, "adc-2", "adc-1", 118))
            .AddRange(Vip("127.0.20.2", "s3", VipPhase.Unplaced, null, null, 117))
            .AddRange(Vip("fd00::20", "s3", VipPhase.Serving, "adc-1", null, 90));
        return new FleetMap
        {
            Version = Version,
            Parent = new MapVersion(3, 119),
            Policy = FleetPolicy.Default with { Cluster = "demo", Zone = GslbZone.Default with { Name = "fleet.test" } },
            Nodes = new[]
            {
                Node(1, NodeIntent.Active, NodePresence.Up, dnsPort), Node(2, NodeIntent.Draining, NodePresence.Up, dnsPort),
                Node(3, NodeIntent.Active, NodePresence.Down, dnsPort), Node(4, NodeIntent.Cordoned, NodePresence.Down, dnsPort),
            }.ToImmutableSortedDictionary(node => node.Name, node => node),
            Services = new[] { Web(), S3() }.ToImmutableSortedDictionary(service => service.Name, service => service),
            Vips = vips.ToImmutableSortedDictionary(vip => vip.Address, vip => vip),
            Verdicts = ImmutableSortedDictionary<BackendKey, Verdict>.Empty
                .Add(BackendKey.Parse("web/b1"), Verdict.Up).Add(BackendKey.Parse("s3/b1"), Verdict.Up).Add(BackendKey.Parse("s3/b2"), Verdict.Down),
        };
    }

    public static string Json(FleetMap map) => JsonSerializer.Serialize(map, ApiJson.Default.FleetMap);

    public static string Done(string text, bool changed = true, long revision = 121) =>
        JsonSerializer.Serialize(new CommandView(new MapVersion(3, revision), changed, text), ApiJson.Default.CommandView);

    private static NodeEntry Node(int number, NodeIntent intent, NodePresence presence, int dnsPort) => new()
    {
        Facts = new NodeFacts(
            NodeName.Parse($"adc-{number}"), SiteName.Parse("ams"), DomainName.Parse($"rack-{number}"), 88_000_000_000,
            new IPEndPoint(IPAddress.Loopback, 7500 + number),
            new IPEndPoint(IPAddress.Loopback, dnsPort),
            new IPEndPoint(IPAddress.Loopback, 7600 + number)),
        Intent = intent,
        Presence = presence,
        Witnesses = [NodeName.Parse($"adc-{(number % 4) + 1}")],
        Weight = 64 * number > 255 ? 255 : 64 * number,
    };

    private static ImmutableArray<VipEntry> Vip(string address, string service, VipPhase phase, string? owner, string? successor, long since) =>
    [
        new VipEntry
        {
            Address = VipAddress.Parse(address),
            Service = ServiceName.Parse(service),
            Phase = phase,
            Owner = owner is null ? null : NodeName.Parse(owner),
            Successor = successor is null ? null : NodeName.Parse(successor),
            Standbys = [NodeName.Parse("adc-2"), NodeName.Parse("adc-4")],
            Since = since,
        },
    ];

    private static Service Web() => new()
    {
        Name = ServiceName.Parse("web"),
        Listeners = [new Listener(8080, ListenerProtocol.Http), new Listener(8443, ListenerProtocol.Tcp)],
        Vips = [VipAddress.Parse("127.0.10.1"), VipAddress.Parse("127.0.10.2"), VipAddress.Parse("127.0.10.3")],
        DemandBps = 12_000_000_000,
        Pool = new Pool(
            [new Backend("b1", IPEndPoint.Parse("127.0.0.1:9001")), new Backend("b2", IPEndPoint.Parse("127.0.0.1:9002"), 50)],
            CheckSpec.Default with { Kind = CheckKind.Http, Path = "/health" },
            BalancePolicy.LeastConnections,
            AllDown.FailClosed,
            true),
    };

    private static Service S3() => new()
    {
        Name = ServiceName.Parse("s3"),
        Listeners = [new Listener(9000, ListenerProtocol.Tcp)],
        Vips = [VipAddress.Parse("127.0.20.1"), VipAddress.Parse("127.0.20.2"), VipAddress.Parse("fd00::20")],
        Site = SiteName.Parse("ams"),
        Gslb = new GslbSpec("objects", 5, null),
        Pool = new Pool(
            [new Backend("b1", IPEndPoint.Parse("127.0.0.1:9101")), new Backend("b2", IPEndPoint.Parse("[::1]:9102"))],
            CheckSpec.Default,
            BalancePolicy.RoundRobin,
            AllDown.ServeAll,
            false),
    };
}
