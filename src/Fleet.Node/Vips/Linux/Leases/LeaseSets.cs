namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>The sets of the table that enforces the lease; what they are for is told by <see cref="LeaseRules"/>.</summary>
internal static class LeaseSets
{
    /// <summary>The family of nf_tables that sees whole frames of an interface (NFPROTO_NETDEV).</summary>
    public const byte NetdevFamily = 5;

    public const string Deadlines = "deadlines";

    public static string Held(bool isV6) => isV6 ? "held6" : "held4";

    public static string Managed(bool isV6) => isV6 ? "managed6" : "managed4";

    public static string Claims(bool isV6) => isV6 ? "claims6" : "claims4";
}
