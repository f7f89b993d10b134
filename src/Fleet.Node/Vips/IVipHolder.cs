using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips;

/// <summary>
/// Holds VIPs under a lease that outlives the agent. Whatever the holder is made of (a relay process, an nftables set with time-outs), it lets go by
/// itself at the lease's end, even when the agent is stopped or dead. A holder that was itself suspended lets go before it does anything else. Every
/// implementation passes the contract suite <c>VipHolderContract</c>.
/// </summary>
internal interface IVipHolder : IAsyncDisposable
{
    /// <summary>
    /// Hold exactly these VIPs until that moment. VIPs that are held but not named are let go of first, and their connections are cut; new VIPs are
    /// taken and announced. Calling it again with a later end only renews; an end in the past lets go of everything.
    /// </summary>
    /// <returns>The VIPs that could not be taken, with the reason; the caller asks again.</returns>
    Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation);
}
