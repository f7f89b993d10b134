using System.Net;
using System.Net.NetworkInformation;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Conflicts;

/// <summary>A host of the network says that a VIP is its own.</summary>
internal readonly record struct VipClaim(VipAddress Vip, PhysicalAddress Mac)
{
    private const int MacSize = 6;

    /// <summary>Reads an element of the set of claims: an address, then an Ethernet address of six octets, padded to eight.</summary>
    public static bool TryRead(ReadOnlySpan<byte> key, out VipClaim claim)
    {
        claim = default;
        if (key.Length is not (4 + 8) and not (16 + 8))
            return false;
        claim = new VipClaim(new VipAddress(new IPAddress(key[..^8])), new PhysicalAddress(key.Slice(key.Length - 8, MacSize).ToArray()));
        return true;
    }

    /// <summary>As people write Ethernet addresses on Linux.</summary>
    public static string Text(PhysicalAddress mac) => string.Join(':', mac.GetAddressBytes().Select(octet => $"{octet:x2}"));
}
