using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>At no moment of true time do two relays serve one VIP.</summary>
public sealed class OneOwner : IChecker
{
    private long _looked = -1;

    public void Look(World world)
    {
        if (world.Openings == _looked)
            return;
        _looked = world.Openings;
        var owners = new Dictionary<VipAddress, NodeName>();
        foreach (var node in world.Nodes.Values)
        {
            foreach (var vip in node.Relay.Serving)
            {
                if (!owners.TryAdd(vip, node.Name))
                    throw new CheckFailedException(
                        world, $"VIP {vip} is served by {owners[vip]} and by {node.Name} at {world.Now / 1000.0:0.000} ms.");
            }
        }
    }
}
