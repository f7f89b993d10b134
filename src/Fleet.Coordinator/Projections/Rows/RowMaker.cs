using System.Collections.Immutable;
using System.Globalization;
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
        ? [.. PresentAnswers.ForService(map, service).Select(answer => Gslb(service, answer)).DistinctBy(row => row.Key)]
        : [];

    /// <summary>The zone's plain records.</summary>
    public static ImmutableArray<GslbRow> Plain(FleetMap map) =>
        [
            .. PlainRecords.ForZone(map.Policy.Zone)
                .SelectMany(set => set.Data.Select(data => new GslbRow(Key("", set.Name, set.Type, data), Ttl(set.Ttl), null, null, null)))
                .DistinctBy(row => row.Key),
        ];

    public static WeightRow Weight(NodeEntry node) => new(node.Name.Value, node.Weight);

    private static GslbRow Gslb(Service service, PresentAnswer answer)
    {
        var isOfNode = service.Gslb is { Answer: AnswerKind.Vips, Weights: AnswerWeights.Headroom };
        return new GslbRow(
            Key(service.Name.Value, answer.Name, answer.Type, answer.Data),
            Ttl(answer.Ttl),
            isOfNode ? null : answer.Candidate?.Weight,
            isOfNode ? answer.Candidate?.Holder : null,
            answer.Candidate?.Site?.Value);
    }

    private static GslbKey Key(string service, DnsName name, DnsType type, ImmutableArray<byte> data) =>
        new(service, name.ToString(), type.ToString().ToUpper(CultureInfo.InvariantCulture), RecordText.Of(type, data.AsSpan()));

    private static int Ttl(uint seconds) => (int)Math.Min(seconds, int.MaxValue);

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
}
