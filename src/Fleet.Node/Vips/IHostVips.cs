using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips;

/// <summary>VIPs that are addresses of this host, whichever data plane carries their traffic.</summary>
internal interface IHostVips : IVipHolder
{
    /// <summary>VIPs that an earlier agent has left, and whose lease still ran when this one came.</summary>
    ImmutableSortedSet<VipAddress> Found { get; }

    /// <summary>VIPs that are held here and that somebody else answers for, with that one's Ethernet address in words.</summary>
    ImmutableSortedDictionary<VipAddress, string> Rivals { get; }

    /// <summary>Lets go of everything, and leaves nothing behind.</summary>
    Task RemoveAsync(CancellationToken cancellation);
}
