using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Testing;

/// <summary>Makes the things that tests are about, with everything else filled in.</summary>
public static class Build
{
    public const long Gbps = 1_000_000_000;

    /// <summary>Somebody, by nothing but their own word.</summary>
    public static readonly Principal By = Principal.Claimed("ann", IPAddress.Parse("203.0.113.7"));

    /// <summary>An agent's run, and the one after it.</summary>
    public static readonly Incarnation First = new(1);

    public static readonly Incarnation Second = new(2);

    public static NodeName Name(string name) => new(name);

    /// <summary>Node <c>adc-7</c> listens at 192.0.2.7 and lies in <c>rack-7</c> unless told otherwise.</summary>
    public static NodeFacts Facts(string name, string? domain = null, string site = "here", long capacityBps = 10 * Gbps)
    {
        var number = int.TryParse(name.Split('-')[^1], out var parsed) ? parsed : 250;
        var address = new IPAddress([192, 0, (byte)(2 + (number / 256)), (byte)(number % 256)]);
        return new NodeFacts(
            new NodeName(name),
            new SiteName(site),
            new DomainName(domain ?? $"rack-{number}"),
            capacityBps,
            new IPEndPoint(address, 7001),
            new IPEndPoint(address, 53),
            new IPEndPoint(address, 7002));
    }

    public static NodeEntry Node(
        string name,
        NodeIntent intent = NodeIntent.Active,
        NodePresence presence = NodePresence.Up,
        string? domain = null,
        params string[] witnesses) => new()
        {
            Facts = Facts(name, domain),
            Intent = intent,
            Presence = presence,
            Witnesses = [.. witnesses.Select(Name)],
        };

    /// <summary>A node of that site that is up.</summary>
    public static NodeEntry NodeAt(string name, string site, long capacityBps = 10 * Gbps) =>
        Node(name) with { Facts = Facts(name, site: site, capacityBps: capacityBps) };

    /// <summary>The n-th VIP of the tests: 10.0.0.1 is the first.</summary>
    public static VipAddress Vip(int number) => new(new IPAddress([10, 0, (byte)(number / 256), (byte)(number % 256)]));

    public static ImmutableArray<VipAddress> Vips(int count, int first = 1) => [.. Enumerable.Range(first, count).Select(Vip)];

    public static Service Service(string name, params ImmutableArray<VipAddress> vips) => new()
    {
        Name = new ServiceName(name),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Vips = vips,
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

    public static VipEntry Serving(int vip, string owner, string service = "web", params string[] standbys) => new()
    {
        Address = Vip(vip),
        Service = new ServiceName(service),
        Phase = VipPhase.Serving,
        Owner = new NodeName(owner),
        Standbys = [.. standbys.Select(Name)],
        Since = 1,
    };

    public static VipEntry Unplaced(int vip, string service = "web") => new()
    {
        Address = Vip(vip),
        Service = new ServiceName(service),
        Phase = VipPhase.Unplaced,
    };

    /// <summary>A map at 1.1 with these nodes and VIPs, and every service that the VIPs name.</summary>
    public static FleetMap Map(IEnumerable<NodeEntry> nodes, IEnumerable<VipEntry>? vips = null, FleetPolicy? policy = null)
    {
        var entries = (vips ?? []).ToArray();
        return new FleetMap
        {
            Version = new MapVersion(1, 1),
            Policy = policy ?? FleetPolicy.Default,
            Nodes = nodes.ToImmutableSortedDictionary(n => n.Name, n => n),
            Vips = entries.ToImmutableSortedDictionary(v => v.Address, v => v),
            Services = entries.GroupBy(v => v.Service).ToImmutableSortedDictionary(
                g => g.Key, g => Service(g.Key.Value, [.. g.Select(v => v.Address)])),
        };
    }

    /// <summary>Nodes adc-1 to adc-n.</summary>
    public static IEnumerable<NodeEntry> Nodes(int count) => Enumerable.Range(1, count).Select(i => Node($"adc-{i}"));

    /// <summary>A moment so many milliseconds after the tests' clock began.</summary>
    public static Instant At(double milliseconds) => new((long)(milliseconds * 1000));
}
