namespace Fleet.Node.Vips.Linux.Leases;

/// <summary>An element of an nftables set.</summary>
/// <param name="Left">Until it expires; <see cref="TimeSpan.MaxValue"/> if it does not.</param>
internal sealed record SetElement(byte[] Key, TimeSpan Left);
