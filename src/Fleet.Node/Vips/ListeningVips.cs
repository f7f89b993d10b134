using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips;

/// <summary>
/// VIPs for which a data plane listens one by one, and which are addresses of the host besides. A VIP is listened on before it is announced, so its
/// first client finds somebody; its connections get their resets before its listeners close. While the data plane does not answer nothing is
/// renewed: the kernel's lease ends, and with it what nobody serves.
/// </summary>
/// <param name="listeners">Listens on VIPs whether they are addresses of the host or not.</param>
internal sealed class ListeningVips(IVipHolder listeners, IVipHolder addresses) : IVipHolder
{
    private ImmutableSortedSet<VipAddress> _held = [];

    public async Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        if (!ReferenceEquals(vips, _held) && _held.Intersect(vips) is var kept && kept.Count < _held.Count)
        {
            _held = kept; // first: what fails halfway may have let go
            await addresses.HoldAsync(kept, until, cancellation);
        }

        var deaf = await listeners.HoldAsync(vips, until, cancellation);
        // A VIP that is held already is kept where one of its ports fails: the others are served.
        var taken = deaf.IsEmpty ? vips : vips.Except(deaf.Keys.Except(_held));
        var absent = await addresses.HoldAsync(taken, until, cancellation);
        _held = absent.IsEmpty ? taken : taken.Except(absent.Keys);
        return deaf.IsEmpty ? absent : absent.AddRange(deaf.Where(vip => !absent.ContainsKey(vip.Key)));
    }

    /// <summary>Both belong to whoever made them.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
