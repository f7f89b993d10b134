using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// Whoever begins to serve a VIP has it by the newest map that was acknowledged, and nobody else does: what a node did not hear it must not act
/// against. Only what it is to let go of, and has not heard, may it still open.
/// </summary>
public sealed class HeldByTheMap : IChecker
{
    private readonly Dictionary<VipAddress, NodeName> _served = [];
    private long _looked = -1;

    public void Look(World world)
    {
        if (world.Openings == _looked)
            return;
        _looked = world.Openings;
        var map = world.Store.Folded.Map;
        foreach (var node in world.Nodes.Values)
        {
            foreach (var vip in node.Relay.Serving)
            {
                if (_served.TryGetValue(vip, out var before) && before == node.Name)
                    continue;
                _served[vip] = node.Name;
                if (map.Vips.GetValueOrDefault(vip) is { } entry && !entry.HeldBy(node.Name) && !IsStillToHear(world, node.Name, entry))
                    throw new CheckFailedException(
                        world, $"{node.Name} begins to serve VIP {vip}, which is {entry.Phase} at {entry.Owner} at {map.Version}.");
            }
        }
    }

    /// <summary>It was its own until a moment ago, and is nobody else's until it says that it has let go.</summary>
    private static bool IsStillToHear(World world, NodeName node, VipEntry vip)
    {
        var state = world.Store.Folded;
        var wasIts = (vip.Phase == VipPhase.Releasing && vip.Owner == node) || state.UnreleasedVips.GetValueOrDefault(vip.Address)?.Holder == node;
        return wasIts && world.Coordinator.Leader?.Observed.Node(node).Applied.Equals(state.Map.Version) != true;
    }
}
