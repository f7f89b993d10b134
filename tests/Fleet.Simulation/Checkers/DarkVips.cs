using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// The VIPs of the map that were served once and are not now, each with the microseconds for which that has been so. One whose owner died where
/// nobody can prove it may be dark for as long as it takes; so may one that nobody could serve.
/// </summary>
internal sealed class DarkVips
{
    private readonly Since<VipAddress> _dark = new();
    private readonly HashSet<VipAddress> _onceServed = [];

    /// <summary>What was measured before counts no more.</summary>
    public void Clear() => _dark.Clear();

    /// <param name="mayBeServed">Whether somebody is there who could serve it.</param>
    public IEnumerable<(VipEntry Vip, long Dark)> Measure(World world, Leader leader, Func<VipEntry, bool> mayBeServed)
    {
        var served = world.Served.Now;
        if (_onceServed.SetEquals(served))
        {
            _dark.Clear();
            return [];
        }

        var map = leader.State.Map;
        _onceServed.UnionWith(served);
        _onceServed.IntersectWith(map.Vips.Keys);
        _dark.Forget(vip => !map.Vips.ContainsKey(vip));
        return map.Vips.Values
            .Select(vip => (vip, _dark.Lasts(vip.Address, IsDark(vip.Address) && !IsHolderMissed(world, leader, vip) && mayBeServed(vip), world.Now)))
            .Where(dark => dark.Item2 > 0);

        bool IsDark(VipAddress vip) => _onceServed.Contains(vip) && !served.Contains(vip);
    }

    /// <summary>
    /// Its owner, or who had it when it was taken out of the map and has not said that it let go, is dead where nobody can prove it.
    /// </summary>
    private static bool IsHolderMissed(World world, Leader leader, VipEntry vip) =>
        (vip.Owner ?? leader.State.UnreleasedVips.GetValueOrDefault(vip.Address)?.Holder) is { } holder
        && world.Nodes.TryGetValue(holder, out var node) && Calm.IsDead(node) && !Calm.IsWitnessed(world, leader, holder);
}
