using System.Collections.Immutable;
using System.Net;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Store.Fleets;

/// <summary>
/// A fleet whose VIPs are spread evenly, each with two standbys. The VIPs of a lost node go to different nodes, and all come back when it does, so
/// every failover is as large as the first.
/// </summary>
internal static class BenchFleet
{
    private const int ServiceVips = 100;
    private const int Witnesses = 4;
    private const int Racks = 40;

    public static NodeName Node(int number) => new($"adc-{number:0000}");

    /// <summary>Everybody is up, and every VIP is served.</summary>
    public static ImmutableArray<FleetEvent> Founding(int nodes, int vips) =>
    [
        new FleetEvent.PolicySet(FleetPolicy.Default),
        .. Enumerable.Range(0, nodes).Select(node => new FleetEvent.NodeJoined(Facts(node))),
        .. Enumerable.Range(0, nodes).Select(
            node => new FleetEvent.WitnessesNamed(Node(node), [.. Enumerable.Range(1, Witnesses).Select(i => Node((node + i) % nodes))])),
        .. Enumerable.Range(0, (vips + ServiceVips - 1) / ServiceVips).Select(
            service => new FleetEvent.ServiceApplied(Service(service, Math.Min(ServiceVips, vips - (service * ServiceVips))))),
        new FleetEvent.VipsMoved([.. Enumerable.Range(0, vips).Select(vip => new VipMove(Vip(vip), Node(vip % nodes), MoveReason.Placed))]),
        new FleetEvent.StandbysNamed([.. Enumerable.Range(0, vips).Select(vip => new VipStandbys(Vip(vip), Standbys(vip, nodes)))]),
        new FleetEvent.VipsServing([.. Enumerable.Range(0, vips).Select(Vip)]),
    ];

    /// <summary>What a leader writes when a node is lost.</summary>
    public static ImmutableArray<FleetEvent> Lost(FleetState state, NodeName node) =>
    [
        new FleetEvent.NodeLost(node, "Silent for 450 ms, and 4 of its 4 witnesses have not heard it."),
        new FleetEvent.VipsMoved(
            [.. state.Vips.OwnedBy(node).Select(vip => new VipMove(vip, state.Map.Vips[vip].Standbys[0], MoveReason.OwnerLost))]),
    ];

    /// <summary>It is there again and has what it had, in one entry.</summary>
    /// <param name="before">The state before it was lost.</param>
    public static ImmutableArray<FleetEvent> Returned(FleetState before, NodeName node)
    {
        var vips = before.Vips.OwnedBy(node);
        return
        [
            new FleetEvent.NodeReturned(node),
            new FleetEvent.VipsMoved([.. vips.Select(vip => new VipMove(vip, node, MoveReason.Balance))]),
            new FleetEvent.StandbysNamed([.. vips.Select(vip => new VipStandbys(vip, before.Map.Vips[vip].Standbys))]),
            new FleetEvent.VipsServing([.. vips]),
        ];
    }

    /// <summary>As it says hello.</summary>
    public static NodeFacts Facts(int node) => new(
        Node(node),
        new SiteName("here"),
        new DomainName($"rack-{node % Racks}"),
        1_000_000_000_000,
        Address(node, 7001),
        Address(node, 53),
        Address(node, 7002));

    private static ImmutableArray<NodeName> Standbys(int vip, int nodes)
    {
        var (owner, which) = (vip % nodes, vip / nodes);
        return [Node((owner + 1 + which) % nodes), Node((owner + (nodes / 2) + which) % nodes)];
    }

    private static Service Service(int number, int vips) => new()
    {
        Name = new ServiceName($"s-{number:000}"),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Vips = [.. Enumerable.Range(number * ServiceVips, vips).Select(Vip)],
        Pool = new Pool(
            [
                new Backend("b1", new IPEndPoint(new IPAddress([198, 51, 100, 1]), 8080)),
                new Backend("b2", new IPEndPoint(new IPAddress([198, 51, 100, 2]), 8080)),
            ],
            CheckSpec.Default,
            BalancePolicy.RoundRobin,
            AllDown.FailClosed,
            ProxyProtocol: false),
    };

    private static VipAddress Vip(int number) => new(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]));

    private static IPEndPoint Address(int node, int port) => new(new IPAddress([192, 0, (byte)(2 + (node / 256)), (byte)(node % 256)]), port);
}
