using System.Net;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// What must be true of every zone before it is published, however it was made: no name is answered with a VIP that perhaps nobody serves, because it
/// has no owner or its owner is lost. Looks at the octets that clients would get, and only where a map has such VIPs: a handful, for a moment.
/// </summary>
internal static class AnswerInvariant
{
    /// <param name="map">What the zone was made from.</param>
    /// <param name="nameOf">The name of a service in DNS; null where it has none, or is answered with something other than its VIPs.</param>
    /// <exception cref="InvariantBrokenException">Clients would be sent where nobody answers.</exception>
    public static void Check(FleetMap map, ZoneSnapshot zone, Func<ServiceName, DnsName?> nameOf)
    {
        foreach (var vip in map.Vips.Values)
        {
            if (vip.Owner is { } owner && map.Nodes.GetValueOrDefault(owner) is { Presence: NodePresence.Up })
                continue;
            if (nameOf(vip.Service) is { } name && zone.Find(name.Wire) is { } entry && IsAnswered(entry, vip.Address.Value))
                throw new InvariantBrokenException(
                    $"{name} would answer {vip.Address} by map {map.Version}, whose owner {vip.Owner?.Value ?? "there is none"} is lost.");
        }
    }

    private static bool IsAnswered(NameEntry entry, IPAddress address)
    {
        var octets = address.GetAddressBytes();
        return (octets.Length == 4 ? entry.A : entry.Aaaa) is { } pool && pool.Answers(octets);
    }
}
