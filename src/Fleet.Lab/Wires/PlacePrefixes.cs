using System.Collections.Immutable;
using Fleet.Lab.Topology;
using Fleet.Shared.Model;

namespace Fleet.Lab.Wires;

/// <summary>The addresses of a place: a site's two networks, a host's own addresses, the coordinators' network, or everything.</summary>
internal static class PlacePrefixes
{
    /// <param name="place">One that <see cref="Places.IsPlace"/> knows.</param>
    public static ImmutableArray<Prefix> Of(string place, LabTopology topology)
    {
        var plan = new AddressPlan(topology);
        return place switch
        {
            Places.All => [Prefix4, Prefix6],
            Places.Coordinators => [.. AddressPlan.Prefixes(AddressPlan.CoordinatorsNetwork).Select(Network)],
            _ when topology.Find(place) is { } host => [.. plan.All(host).Select(each => Parse(each.Address.ToString()))],
            _ =>
            [
                .. AddressPlan.Prefixes(plan.ServiceNetwork(place)).Select(Network),
                .. AddressPlan.Prefixes(plan.ControlNetwork(place)).Select(Network),
            ],
        };
    }

    private static readonly Prefix Prefix4 = Parse("0.0.0.0/0");
    private static readonly Prefix Prefix6 = Parse("::/0");

    private static Prefix Network(LinkAddress address) => Parse(address.ToString());

    private static Prefix Parse(string text) =>
        Prefix.TryParse(text, out var prefix) ? prefix : throw new InvalidOperationException($"{text} is no prefix.");
}
