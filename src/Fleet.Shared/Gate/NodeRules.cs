using System.Collections.Immutable;
using Fleet.Shared.Model;
using static Fleet.Shared.Gate.Places;

namespace Fleet.Shared.Gate;

/// <summary>
/// What a node may say of itself, with the ranges that <c>fleet.node</c> has in the configuration. A share of a capacity may be less than the least
/// capacity.
/// </summary>
public static class NodeRules
{
    private static readonly NumberRange Share = Limits.Capacity with { Min = 1 };

    public static readonly RuleTable<NodeFacts> Table = new(
        [
            Number<NodeFacts>("capacity-bps", Share, f => f.CapacityBps),
            Number<NodeFacts>("connections-max", Limits.Connections, f => f.ConnectionsMax),
        ],
        [
            Word<NodeFacts>("name", Texts.Name, f => f.Name.Value ?? ""),
            Word<NodeFacts>("site", Texts.Name, f => f.Site.Value ?? ""),
            Word<NodeFacts>("domain", Texts.Name, f => f.Domain.Value ?? ""),
            Word<NodeFacts>("segment", Texts.Name, f => f.Segment),
        ],
        new Dictionary<string, string>());

    public static ImmutableArray<Mistake> Mistakes(NodeFacts facts) =>
        [
            .. Table.Mistakes(facts),
            .. from at in new[] { ("witness-address", facts.WitnessAddress), ("dns-address", facts.DnsAddress), ("api-address", facts.ApiAddress) }
               where at.Item2 is null || !Texts.IsListening(at.Item2)
               select new Mistake(at.Item1, at.Item2?.ToString() ?? "nothing", Texts.Listening),
            .. facts.Host is { } host && !Texts.HostId.Has(host) ? [new Mistake("host", Mistake.Quote(host), Texts.HostId.Allowed)] : (Mistake[])[],
        ];
}
