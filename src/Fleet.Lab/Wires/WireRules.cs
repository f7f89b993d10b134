using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Lab.Topology;
using Fleet.Shared.Model;

namespace Fleet.Lab.Wires;

/// <summary>What is done to packets from any of these prefixes to any of those.</summary>
internal sealed record WireRule(string From, string To, ImmutableArray<Prefix> FromPrefixes, ImmutableArray<Prefix> ToPrefixes, WireShape Shape)
{
    public bool Matches(PacketWay way) => Holds(FromPrefixes, way.From, way.IsV6) && Holds(ToPrefixes, way.To, way.IsV6);

    private static bool Holds(ImmutableArray<Prefix> prefixes, UInt128 address, bool v6)
    {
        foreach (var prefix in prefixes)
        {
            if (prefix.IsV6 == v6 && (address & Prefix.MaskOf(prefix.Length)) == prefix.Bits)
                return true;
        }

        return false;
    }
}

/// <summary>All rules of a lab's wire, the file that the relay reads. Of those that match a packet the last one counts.</summary>
internal sealed record WireRules(ImmutableArray<WireRule> Rules)
{
    public static readonly WireRules None = new([]);

    /// <summary>The shape of the last rule that matches; clear when none does.</summary>
    public WireShape For(PacketWay way)
    {
        for (var i = Rules.Length - 1; i >= 0; i--)
        {
            if (Rules[i].Matches(way))
                return Rules[i].Shape;
        }

        return WireShape.Clear;
    }

    /// <summary>The rules that a topology begins with.</summary>
    public static WireRules Of(LabTopology topology) => topology.Wires.Aggregate(None, (rules, wire) => rules.With(wire, topology));

    /// <summary>The same with one wire more, in place of what was said before between its two ends.</summary>
    public WireRules With(LabWire wire, LabTopology topology)
    {
        var rules = Without(wire.From, wire.To).Rules.Add(Rule(wire.From, wire.To, wire.Shape, topology));
        if (!wire.BothWays || wire.From == wire.To)
            return new WireRules(rules);
        rules = new WireRules(rules).Without(wire.To, wire.From).Rules;
        return new WireRules(rules.Add(Rule(wire.To, wire.From, wire.Shape, topology)));
    }

    private WireRules Without(string from, string to) => new(Rules.RemoveAll(rule => rule.From == from && rule.To == to));

    private static WireRule Rule(string from, string to, WireShape shape, LabTopology topology) =>
        new(from, to, PlacePrefixes.Of(from, topology), PlacePrefixes.Of(to, topology), shape);
}

/// <summary>The file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(WireRules))]
internal sealed partial class WireJson : JsonSerializerContext
{
    public static string Write(WireRules rules) => JsonSerializer.Serialize(rules, Default.WireRules);

    /// <exception cref="JsonException">It is no such file.</exception>
    public static WireRules Read(string json) =>
        JsonSerializer.Deserialize(json, Default.WireRules) ?? throw new JsonException("null is no set of rules.");
}
