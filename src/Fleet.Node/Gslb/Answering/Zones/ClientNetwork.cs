namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// What counts as one client where a single address would be too fine: a /24 of IPv4, a /56 of IPv6, as much as one household or rack gets (RFC 7871
/// 11.1).
/// </summary>
internal static class ClientNetwork
{
    /// <summary>Bits of an address that say which network it belongs to.</summary>
    public static int BitsOf(bool isV6) => isV6 ? 56 : 24;
}
