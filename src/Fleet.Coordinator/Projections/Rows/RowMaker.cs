using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>What is in a map, as rows.</summary>
internal static class RowMaker
{
    public static VipRow Vip(VipEntry vip) => new(
        vip.Address.Value,
        vip.Service.Value,
        vip.Site?.Value,
        vip.Owner?.Value,
        vip.Successor?.Value,
        [.. vip.Standbys.Select(n => n.Value)],
        Kebab.Word(vip.Phase),
        Kebab.Word(vip.Reason),
        vip.Since,
        vip.DemandBps,
        vip.DemandCps);

    public static NodeRow Node(NodeEntry node) => new(
        node.Name.Value,
        State(node),
        Kebab.Word(node.Presence),
        Kebab.Word(node.Intent),
        node.Suspected,
        node.Facts,
        [.. node.Witnesses.Select(n => n.Value)]);

    public static ServiceRow? Service(FleetMap map, ServiceName name) => map.Services.GetValueOrDefault(name) is { } service
        ? new ServiceRow(
            service,
            GslbNames.ForService(map.Policy.Zone, service)?.ToString(),
            (int)GslbNames.TtlOf(map.Policy.Zone, service))
        : null;

    public static ImmutableArray<BackendRow> Backends(FleetMap map, ServiceName name) => map.Services.GetValueOrDefault(name) is { } service
        ?
        [
            .. service.Pool.Backends.Select(backend => new BackendRow(
                new BackendKey(name, backend.Name),
                backend,
                Kebab.Word(map.VerdictOf(name, backend.Name)),
                map.Feedback.TryGetValue(new BackendKey(name, backend.Name), out var percent) ? percent : null)),
        ]
        : [];

    /// <summary>What clients of no site are answered now.</summary>
    public static ImmutableArray<GslbRow> Gslb(FleetMap map, ServiceName name) => map.Services.GetValueOrDefault(name) is { } service
        ?
        [
            .. from set in PresentAnswers.ForService(map, service)
            from data in set.Data
            select new GslbRow(
                new GslbKey(name.Value, set.Name.ToString(), Word(set.Type), Text(set.Type, data.AsSpan())), (int)Math.Min(set.Ttl, int.MaxValue)),
        ]
        : [];

    /// <summary>One word for people, the worst first: what <c>pbm node list</c> says, as far as the journal knows.</summary>
    private static string State(NodeEntry node) => node switch
    {
        { Presence: NodePresence.Down } => "down",
        { Suspected: true } => "suspect",
        { Intent: NodeIntent.Leaving } => "leaving",
        { Intent: NodeIntent.Draining } => "draining",
        { Intent: NodeIntent.Cordoned } => "cordoned",
        _ => "up",
    };

    private static string Word(DnsType type) => type.ToString().ToUpper(CultureInfo.InvariantCulture);

    private static string Text(DnsType type, ReadOnlySpan<byte> data) => type is DnsType.A or DnsType.Aaaa
        ? new IPAddress(data).ToString()
        : DnsName.TryFromWire(data, out var name) ? name.ToString() : Convert.ToHexString(data);
}
