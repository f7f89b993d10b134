using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// What a data plane can do, out of everything that the model of services can ask for. Each data plane declares its own. A service that asks for more
/// is left out of this node's plan as a whole, and this is reported. Nodes that can carry the service serve it; it stays in the map and in DNS.
/// </summary>
internal sealed record DataPlaneCapabilities
{
    /// <summary>What people call it: the value of <c>fleet.node.data-plane</c>.</summary>
    public required string Name { get; init; }

    public required ImmutableSortedSet<ListenerProtocol> Listeners { get; init; }

    public required ImmutableSortedSet<BalancePolicy> Balance { get; init; }

    /// <summary>It can send backends a PROXY protocol header.</summary>
    public required bool SendsProxyProtocol { get; init; }

    /// <summary>A backend may listen on another port than its service. A plane that passes packets on as they are cannot change the port.</summary>
    public required bool TranslatesPorts { get; init; }

    /// <summary>
    /// It can end the connections of a VIP as they become idle. A data plane that cannot waits for clients to end them, up to the service's drain
    /// time-out.
    /// </summary>
    public required bool Drains { get; init; }

    /// <summary>It knows how many connections are open. If it does not, a VIP that drains is busy until the service's drain time-out.</summary>
    public required bool CountsOpenConnections { get; init; }

    /// <summary>Null where it can carry the service.</summary>
    public LeftOut? Lacks(Service service) =>
        Mistakes(service).ToArray() is { Length: > 0 } mistakes ? new LeftOut(service.Name, Mistake.Brief(mistakes)) : null;

    private IEnumerable<Mistake> Mistakes(Service service)
    {
        for (var i = 0; i < service.Listeners.Length; i++)
        {
            if (!Listeners.Contains(service.Listeners[i].Protocol))
                yield return Lack($"listeners[{i}].protocol", Kebab.Word(service.Listeners[i].Protocol), AnyOf(Listeners));
        }

        if (!Balance.Contains(service.Pool.Balance))
            yield return Lack("pool.balance", Kebab.Word(service.Pool.Balance), AnyOf(Balance));
        if (service.Pool.ProxyProtocol && !SendsProxyProtocol)
            yield return Lack("pool.proxy-protocol", "true", "false");
        if (TranslatesPorts)
            yield break;
        for (var i = 0; i < service.Pool.Backends.Length; i++)
        {
            var port = service.Pool.Backends[i].Address.Port;
            if (service.Listeners.Any(listener => listener.Port != port))
                yield return Lack($"pool.backends[{i}].address", $"port {port}", "the port of every listener");
        }
    }

    private static string AnyOf<TEnum>(IEnumerable<TEnum> values)
        where TEnum : struct, Enum => string.Join(", ", values.Select(Kebab.Word));

    private Mistake Lack(string path, string found, string allowed) => new(path, found, $"by this node's data plane ({Name}), {allowed}");
}
