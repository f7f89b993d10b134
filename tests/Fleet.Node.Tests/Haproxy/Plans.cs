using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>Plans of two services, and of many at random.</summary>
internal static class Plans
{
    public static readonly RenderOptions Options = new() { SocketPath = "/run/fleet/haproxy.sock", Node = "adc-1" };

    public static readonly ServicePlan Web = new(
        new ServiceName("web"),
        [new Listener(80, ListenerProtocol.Http)],
        [Vip("10.1.0.1"), Vip("10.1.0.2")],
        [Server("b1", 1), Server("b2", 2)],
        BalancePolicy.RoundRobin,
        false);

    public static readonly ServicePlan Db = new(
        new ServiceName("db"),
        [new Listener(5432, ListenerProtocol.Tcp)],
        [Vip("10.1.0.3")],
        [Server("b1", 1)],
        BalancePolicy.LeastConnections,
        true);

    public static VipAddress Vip(string text) => VipAddress.Parse(text);

    public static BackendServer Server(string name, int number) => new(name, IPEndPoint.Parse($"10.2.0.{number}:8080"));

    public static int Id(int number) => SlotId.Of(Server("any", number), []);

    public static NodePlan Plan(long generation, params IEnumerable<ServicePlan> services) =>
        new() { Generation = new PlanGeneration(generation), Services = [.. services] };

    public static BackendStates States(NodePlan plan) => new()
    {
        Generation = plan.Generation,
        Plan = plan.Generation,
        Weights = plan.Services.SelectMany(s => s.Backends.Select(b => new BackendKey(s.Name, b.Name)))
            .ToImmutableSortedDictionary(key => key, _ => 100),
    };

    public static BackendStates States(NodePlan plan, params (string Backend, int Weight)[] weights) => new()
    {
        Generation = plan.Generation,
        Plan = plan.Generation,
        Weights = weights.ToImmutableSortedDictionary(w => BackendKey.Parse(w.Backend), w => w.Weight),
    };

    /// <summary>Laid out over what is loaded, with all backends taking connections.</summary>
    public static HaproxyLayout Layout(HaproxyLayout? loaded, NodePlan plan) => LayoutMaker.Next(loaded, plan, States(plan), Options);

    public static NodePlan RandomPlan(long generation, Random chance) => Plan(
        generation,
        Enumerable.Range(0, 6).Where(_ => chance.Next(3) > 0).Select(number => new ServicePlan(
            new ServiceName($"s{number}"),
            [
                new Listener(80 + chance.Next(2), (ListenerProtocol)chance.Next(2)),
                new Listener(90 + chance.Next(2), (ListenerProtocol)chance.Next(2)),
            ],
            [.. Enumerable.Range(0, chance.Next(4)).Select(_ => Vip($"10.1.{number}.{1 + chance.Next(5)}")).Distinct()],
            [.. Enumerable.Range(1, 8).Where(_ => chance.Next(2) > 0).Select(b => Server($"b{b}", b))],
            (BalancePolicy)chance.Next(3),
            chance.Next(2) > 0)));

    public static BackendStates RandomStates(NodePlan plan, Random chance) => new()
    {
        Generation = plan.Generation,
        Plan = plan.Generation,
        Weights = plan.Services.SelectMany(s => s.Backends.Select(b => new BackendKey(s.Name, b.Name))).Where(_ => chance.Next(3) > 0)
            .ToImmutableSortedDictionary(key => key, _ => 1 + chance.Next(256)),
    };
}
