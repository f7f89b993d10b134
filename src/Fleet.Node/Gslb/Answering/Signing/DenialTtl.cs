using System.Buffers.Binary;
using Fleet.Node.Gslb.Answering.Zones;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>How long a denial may be kept.</summary>
internal static class DenialTtl
{
    /// <summary>The TTL of NSEC in seconds: the lesser of the SOA's own and its MINIMUM, which are its first and last fields (RFC 9077 3).</summary>
    public static uint ForZone(ZoneAuthority zone)
    {
        var soa = zone.SoaWithoutOwner;
        return Math.Min(BinaryPrimitives.ReadUInt32BigEndian(soa[4..]), BinaryPrimitives.ReadUInt32BigEndian(soa[^4..]));
    }
}
