using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>Which VIPs the data plane is to drain, and whether it has begun. The order is repeated until it has.</summary>
/// <param name="isToBeEnded">An agent before this one may have had VIPs drained.</param>
internal sealed class DrainProgress(bool isToBeEnded)
{
    private readonly Attempts _attempts = new();
    private ImmutableSortedSet<VipAddress>? _wanted;
    private ImmutableSortedSet<VipAddress>? _drained = isToBeEnded ? null : [];
    private ImmutableSortedSet<VipAddress> _asked = [];

    private bool IsDone => _wanted is null || (_drained is not null && _drained.SetEquals(_wanted));

    public Instant Due => IsDone ? Instant.Forever : _attempts.Due;

    public void Want(ImmutableSortedSet<VipAddress> vips)
    {
        if (_wanted is not null && _wanted.SetEquals(vips))
            return;
        _wanted = vips;
        _attempts.Hurry();
    }

    public NodeEffect? Next(Instant now)
    {
        if (Due > now || _wanted is null)
            return null;
        _attempts.Begin();
        _asked = _wanted;
        return new NodeEffect.DrainVips(_asked);
    }

    public void Hear(bool isDone, Instant now)
    {
        if (isDone)
        {
            _drained = _asked;
            _attempts.Succeed();
            return;
        }

        _drained = null;
        _attempts.Fail(now);
        if (_wanted?.SetEquals(_asked) == false)
            _attempts.Hurry();
    }

    public bool IsDrained(VipAddress vip) => _drained?.Contains(vip) == true;
}
