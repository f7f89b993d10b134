using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips;

/// <summary>
/// Holds VIPs under a lease that outlives the agent: whatever it is made of (a relay process, an nftables set with time-outs), it lets go by itself
/// at the lease's end, also when the agent is stopped or dead, and a holder that was itself suspended lets go before it does anything else. Every
/// implementation passes the contract suite <c>VipHolderContract</c>.
/// </summary>
internal interface IVipHolder : IAsyncDisposable
{
    /// <summary>
    /// Hold exactly these VIPs until that moment. What is held and not named is let go of first, with its connections cut; what is new is taken and
    /// announced. Called again with a later end it only renews; an end in the past lets go of everything.
    /// </summary>
    /// <returns>What could not be taken, with the reason; the caller asks again.</returns>
    Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation);
}
