using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>
/// Lays a plan out. Within what is loaded where that is possible: services go to spare sections, backends to new servers, and nothing that is loaded
/// changes its meaning. Otherwise anew, with all that is not in use any more left out.
/// </summary>
internal static class LayoutMaker
{
    private static readonly bool[] Either = [false, true];
    private static readonly ImmutableSortedDictionary<VipAddress, string> NoVips = ImmutableSortedDictionary<VipAddress, string>.Empty;

    /// <param name="loaded">What HAProxy has loaded; null where nobody knows. Which VIPs are drained is not said by the result.</param>
    public static HaproxyLayout Next(HaproxyLayout? loaded, NodePlan plan, BackendStates states, RenderOptions options) =>
        (loaded is null ? null : Within(loaded, plan, states, options)) ?? Anew(plan, states, options);

    /// <summary>The same services with other states.</summary>
    public static HaproxyLayout WithStates(HaproxyLayout loaded, BackendStates states) => loaded with
    {
        Generation = states.Generation,
        Sections =
        [
            .. loaded.Sections.Select(section => section with { Slots = [.. section.Slots.Select(slot => Weighted(section, slot, states))] }),
        ],
    };

    private static HaproxySlot Weighted(HaproxySection section, HaproxySlot slot, BackendStates states) =>
        slot.IsRetired || section.Service is not { } service ? slot : slot with { Weight = WeightOf(service, slot.Server, states) };

    private static HaproxyLayout? Within(HaproxyLayout loaded, NodePlan plan, BackendStates states, RenderOptions options)
    {
        var wanted = Wanted(plan);
        var sections = loaded.Sections.ToArray();
        var named = new Dictionary<(ServiceName, ListenerProtocol), string>();
        var used = new HashSet<int>();
        foreach (var (service, kind) in wanted)
        {
            // A section that another service leaves just now is not taken: for a moment both would be served by the backends of both.
            var own = IndexOf(section => section.Service == service.Name && section.Kind == kind);
            var index = own >= 0 ? own : IndexOf(section => section.Service is null && section.Kind == kind);
            if (index < 0)
                return null;
            used.Add(index);
            sections[index] = Filled(sections[index], service, states);
            if (sections[index].Slots.Count(slot => slot.IsRetired) > options.RetiredSlotsMax)
                return null;
            named[(service.Name, kind.Protocol)] = sections[index].Name;
        }

        for (var i = 0; i < sections.Length; i++)
            if (!used.Contains(i))
                sections[i] = sections[i] with { Service = null, Slots = [.. sections[i].Slots.Select(Retired)] };
        var ports = PortsOf(plan, named);
        // A port that no service has any more stays, and turns everybody away: leaving it out is worth no reload. One that listens on VIPs does not.
        var kept = loaded.Ports.Where(port => !port.OnVips && !ports.Any(p => p.Port == port.Port && p.Protocol == port.Protocol))
            .Select(port => port with { Sections = NoVips });
        var all = Sorted(ports.Concat(kept));
        return all.Length == loaded.Ports.Length && all.Zip(loaded.Ports).All(pair => pair.First.ListensAs(pair.Second))
            ? new HaproxyLayout
            {
                Generation = states.Generation,
                Plan = plan.Generation,
                Ports = all,
                Sections = [.. sections],
            }
            : null;

        int IndexOf(Func<HaproxySection, bool> fits)
        {
            for (var i = 0; i < sections.Length; i++)
                if (!used.Contains(i) && fits(sections[i]))
                    return i;
            return -1;
        }
    }

    private static HaproxyLayout Anew(NodePlan plan, BackendStates states, RenderOptions options)
    {
        var counts = new Dictionary<ListenerProtocol, int>();
        var sections = new List<HaproxySection>();
        var named = new Dictionary<(ServiceName, ListenerProtocol), string>();
        foreach (var (service, kind) in Wanted(plan))
        {
            sections.Add(Filled(Section(kind), service, states));
            named[(service.Name, kind.Protocol)] = sections[^1].Name;
        }

        foreach (var kind in Kinds())
            sections.AddRange(Enumerable.Range(0, options.SpareSections).Select(_ => Section(kind)));
        return new HaproxyLayout
        {
            Generation = states.Generation,
            Plan = plan.Generation,
            Ports = PortsOf(plan, named),
            Sections = [.. sections],
        };

        HaproxySection Section(SectionKind kind)
        {
            var number = counts[kind.Protocol] = counts.GetValueOrDefault(kind.Protocol) + 1;
            return new HaproxySection($"{(kind.Protocol == ListenerProtocol.Http ? "http" : "tcp")}-{number}", kind, null, []);
        }
    }

    /// <summary>The sections that the plan needs: a service has one for each protocol that it listens with.</summary>
    private static IEnumerable<(ServicePlan Service, SectionKind Kind)> Wanted(NodePlan plan) =>
        from service in plan.Services.DistinctBy(s => s.Name)
        from protocol in service.Listeners.Select(l => l.Protocol).Distinct().Order()
        select (service, new SectionKind(protocol, service.Balance, service.ProxyProtocol));

    private static IEnumerable<SectionKind> Kinds() =>
        from protocol in Enum.GetValues<ListenerProtocol>()
        from balance in Enum.GetValues<BalancePolicy>()
        from proxied in Either
        select new SectionKind(protocol, balance, proxied);

    private static HaproxySection Filled(HaproxySection section, ServicePlan service, BackendStates states)
    {
        var slots = section.Slots.Select(Retired).ToList();
        var ids = slots.Select(slot => slot.Id).ToHashSet();
        foreach (var server in service.Backends)
        {
            var weight = WeightOf(service.Name, server, states);
            var known = slots.FindIndex(slot => slot.IsRetired && slot.Server.Address.Equals(server.Address));
            if (known >= 0)
                slots[known] = slots[known] with { Server = server, Weight = weight, IsRetired = false };
            else
                slots.Add(new HaproxySlot($"s{slots.Count + 1}", SlotId.Of(server, ids), server, weight));
        }

        return section with { Service = service.Name, Slots = [.. slots] };
    }

    private static HaproxySlot Retired(HaproxySlot slot) => slot with { Weight = 0, IsRetired = true };

    private static int WeightOf(ServiceName service, BackendServer server, BackendStates states) =>
        states.Weights.GetValueOrDefault(new BackendKey(service, server.Name));

    /// <summary>Where two services have the same VIP, the first gets it, as in every data plane.</summary>
    private static ImmutableArray<HaproxyPort> PortsOf(NodePlan plan, Dictionary<(ServiceName, ListenerProtocol), string> sections)
    {
        var owned = new HashSet<VipAddress>();
        var ports = new Dictionary<(int Port, ListenerProtocol Protocol), ImmutableSortedDictionary<VipAddress, string>.Builder>();
        foreach (var service in plan.Services.DistinctBy(s => s.Name))
        {
            var vips = service.Vips.Where(owned.Add).ToArray();
            foreach (var listener in service.Listeners)
            {
                if (!ports.TryGetValue((listener.Port, listener.Protocol), out var map))
                    ports[(listener.Port, listener.Protocol)] = map = NoVips.ToBuilder();
                foreach (var vip in vips)
                    map[vip] = sections[(service.Name, listener.Protocol)];
            }
        }

        return Sorted(ports.Select(port => new HaproxyPort(
            port.Key.Port, port.Key.Protocol, IsSecond(port.Key, ports.Keys), port.Value.ToImmutable())));
    }

    /// <summary>On a port with two protocols HTTP has all addresses.</summary>
    private static bool IsSecond((int Port, ListenerProtocol Protocol) port, IEnumerable<(int Port, ListenerProtocol Protocol)> all) =>
        port.Protocol == ListenerProtocol.Tcp && all.Contains((port.Port, ListenerProtocol.Http));

    private static ImmutableArray<HaproxyPort> Sorted(IEnumerable<HaproxyPort> ports) => [.. ports.OrderBy(p => p.Port).ThenBy(p => p.Protocol)];
}
