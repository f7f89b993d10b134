using System.Collections.Immutable;
using Fleet.Node.Vips;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>
/// VIPs that are listening sockets of the relay: taking one means binding it, and no two processes of a host can do that. A VIP is taken for the
/// services of the plan that was applied before; without a plan it cannot be taken. The <see cref="RelayClient"/> belongs to whoever made it.
/// </summary>
/// <param name="freeBind">The addresses are somebody else's business, and may come later.</param>
internal sealed class RelayVips(RelayClient relay, bool freeBind = false) : IVipHolder
{
    public async Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        var report = await relay.OrderAsync(new RelayOrder { Id = 0, Hold = new RelayHold(vips, until.Micros, freeBind) }, cancellation);
        return report.Failed;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
