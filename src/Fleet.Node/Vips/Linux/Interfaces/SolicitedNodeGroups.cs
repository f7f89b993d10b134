using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Interfaces;

/// <summary>
/// For each IPv6 address an interface joins the group of the hosts whose addresses end with the same 24 bits (RFC 4291 2.7.1). Linux looks through
/// all groups of the interface each time: adding 100 addresses with groups of their own took 7.5 ms, 500 took 404 and 1,000 took 3,415; with one
/// group for all of them 1,000 took 17.
/// </summary>
internal static class SolicitedNodeGroups
{
    /// <summary>So many are added in a tenth of the default lease.</summary>
    public const int FastMax = 300;

    public static int Count(IEnumerable<VipAddress> vips) =>
        vips.Where(vip => vip.IsV6).Select(vip => Convert.ToHexString(vip.Value.GetAddressBytes()[13..])).ToImmutableHashSet().Count;

    /// <summary>What to do about it, for people; null while it does not matter.</summary>
    public static string? Advice(IReadOnlyCollection<VipAddress> vips, string link) => Count(vips) is var groups && groups > FastMax
        ? $"{vips.Count(vip => vip.IsV6)} IPv6 VIPs that end with {groups} different groups of 24 bits: "
            + $"one interface ({link}) takes seconds to add them. "
            + "Number them in the upper bits of the last 64, and give all of them the same last 24 bits (2001:db8::1:0:1, 2001:db8::2:0:1, ...)."
        : null;
}
