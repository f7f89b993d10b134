using System.Numerics;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Connections;

/// <summary>
/// The longest prefix that addresses of one family have in common: for many of them one condition, which lets through no more than it must.
/// </summary>
internal static class SharedPrefix
{
    /// <summary>The first address, and how many of its bits the others share. There is at least one.</summary>
    public static (byte[] Address, int Length) Find(IReadOnlyList<VipAddress> vips)
    {
        var first = vips[0].Value.GetAddressBytes();
        var length = first.Length * 8;
        foreach (var vip in vips)
        {
            var other = vip.Value.GetAddressBytes();
            for (var at = 0; at * 8 < length; at++)
                if (first[at] != other[at])
                    length = Math.Min(length, (at * 8) + BitOperations.LeadingZeroCount((uint)(first[at] ^ other[at])) - 24);
        }

        return (first, length);
    }
}
