using System.Collections.Immutable;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>Where names lie. A name that is not a domain name gives null: configuration refuses it earlier.</summary>
public static class GslbNames
{
    /// <summary>The label that stands for the zone itself.</summary>
    public const string Apex = "@";

    /// <summary>The zones, the primary one first; each once.</summary>
    public static ImmutableArray<DnsName> Zones(GslbZone policy) =>
        [.. policy.AllNames().Select(text => DnsName.TryParse(text, out var zone) ? zone : null).OfType<DnsName>().Distinct()];

    /// <summary>The full name that a service is asked for by.</summary>
    public static DnsName? ForService(GslbZone policy, Service service) =>
        DnsName.TryParse(service.Gslb.Zone ?? policy.Name, out var zone) ? Below(zone, service.Gslb.Name ?? service.Name.Value) : null;

    /// <summary>A label or more below a zone; <see cref="Apex"/> is the zone.</summary>
    public static DnsName? Below(DnsName zone, string label)
    {
        if (label == Apex)
            return zone;
        return DnsName.TryParse(label, out var relative) && relative.TryUnder(zone, out var name) ? name : null;
    }

    /// <summary>Takes a name as zone files write it: with a dot at the end it is whole, without it lies below the zone (RFC 1035 5.1).</summary>
    public static DnsName? Parse(string text, DnsName zone)
    {
        if (!text.EndsWith('.'))
            return Below(zone, text);
        return DnsName.TryParse(text, out var whole) ? whole : null;
    }

    public static uint TtlOf(GslbZone policy, Service service) => (uint)Math.Max(0, service.Gslb.TtlSeconds ?? policy.TtlSeconds);

    public static int AnswersMaxOf(GslbZone policy, Service service) => service.Gslb.AnswersMax ?? policy.AnswersMax;
}
